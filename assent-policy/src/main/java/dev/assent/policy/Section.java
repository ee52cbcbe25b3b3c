package dev.assent.policy;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/**
 * A mapping of a file. Each key is asked for by name; what nobody asked for is unknown and reported
 * by {@link #done}. Used by one thread.
 */
final class Section {
  private final MappingNode node;
  private final Problems problems;
  private final String what;
  private final Map<String, Node> members = new LinkedHashMap<>();
  private final Map<String, Integer> lines = new LinkedHashMap<>();
  private final TreeSet<String> known = new TreeSet<>();

  Section(MappingNode node, Problems problems, String what) {
    this.node = node;
    this.problems = problems;
    this.what = what;
    for (NodeTuple tuple : node.getValue()) {
      if (!(tuple.getKeyNode() instanceof ScalarNode key)) {
        problems.add(YamlFile.line(tuple.getKeyNode()), "a key must be a word");
      } else if (members.putIfAbsent(key.getValue(), tuple.getValueNode()) != null) {
        problems.add(YamlFile.line(key), "'" + key.getValue() + "' stands here twice; remove one");
      } else {
        lines.put(key.getValue(), YamlFile.line(key));
      }
    }
  }

  /** A text with the place where it stands. */
  record Text(String value, ScalarNode node) {
    int line() {
      return YamlFile.line(node);
    }
  }

  int line() {
    return YamlFile.line(node);
  }

  int line(String key) {
    return lines.getOrDefault(key, line());
  }

  void problem(String key, String text) {
    problems.add(line(key), text);
  }

  boolean has(String key) {
    known.add(key);
    return members.containsKey(key);
  }

  /** True when the key stands there, whoever wants it. */
  boolean mentions(String key) {
    if (members.containsKey(key)) {
      known.add(key);
      return true;
    }
    return false;
  }

  @Nullable Node node(String key) {
    known.add(key);
    return members.get(key);
  }

  /** A text, also one that looks like a number; absent when missing or something else. */
  @Nullable Text text(String key) {
    Node value = node(key);
    if (value == null) {
      return null;
    }
    Text text = textOf(value);
    if (text == null) {
      problem(key, "'" + key + "' must be a text");
    }
    return text;
  }

  @Nullable String string(String key) {
    Text text = text(key);
    return text == null ? null : text.value();
  }

  /** A text that must be there; reported, and empty, when it is not. */
  Text required(String key, String example) {
    Text text = text(key);
    if (text != null && !text.value().isBlank()) {
      return text;
    }
    if (text != null || !has(key)) {
      problem(key, what + " needs '" + key + "', for example '" + key + ": " + example + "'");
    }
    return new Text(
        "", new ScalarNode(Tag.STR, "", org.snakeyaml.engine.v2.common.ScalarStyle.PLAIN));
  }

  static @Nullable Text textOf(Node node) {
    return node instanceof ScalarNode scalar && !scalar.getTag().equals(Tag.NULL)
        ? new Text(scalar.getValue(), scalar)
        : null;
  }

  /** One text or a list of them; empty when missing. */
  List<Text> texts(String key) {
    List<Text> texts = new ArrayList<>();
    for (Node item : items(key)) {
      Text text = textOf(item);
      if (text == null || text.value().isBlank()) {
        problems.add(YamlFile.line(item), "'" + key + "' must be a text, or a list of texts");
      } else {
        texts.add(text);
      }
    }
    return texts;
  }

  /** The items of a list, or the one thing that stands in its place. */
  List<Node> items(String key) {
    Node value = node(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof SequenceNode list)) {
      return List.of(value);
    }
    if (list.getValue().isEmpty()) {
      problem(key, "'" + key + "' is an empty list; leave it out, or say what is in it");
    }
    return list.getValue();
  }

  /** The mappings of a list. */
  List<Section> sections(String key, String each) {
    List<Section> sections = new ArrayList<>();
    Node value = node(key);
    if (value != null && !(value instanceof SequenceNode)) {
      problem(key, "'" + key + "' must be a list, each item beginning with '- '");
      return sections;
    }
    for (Node item : value instanceof SequenceNode list ? list.getValue() : List.<Node>of()) {
      if (item instanceof MappingNode mapping) {
        sections.add(new Section(mapping, problems, each));
      } else {
        problems.add(YamlFile.line(item), "each item of '" + key + "' must be a mapping");
      }
    }
    return sections;
  }

  @Nullable Section section(String key) {
    Node value = node(key);
    if (value instanceof MappingNode mapping) {
      return new Section(mapping, problems, "'" + key + "'");
    }
    if (value != null) {
      problem(key, "'" + key + "' must be a mapping");
    }
    return null;
  }

  /** Reports every key that nobody asked for. */
  void done() {
    members.keySet().stream()
        .filter(key -> !known.contains(key))
        .forEach(key -> problem(key, "'" + key + "' is unknown here" + instead(key)));
  }

  private String instead(String key) {
    Optional<String> near =
        known.stream()
            .filter(each -> Words.distance(each, key) <= 2)
            .min(Comparator.comparingInt(each -> Words.distance(each, key)));
    return near.map(each -> "; did you mean '" + each + "'?")
        .orElse("; " + what + " may have " + String.join(", ", known));
  }

  /** A value as JSON; numbers keep their exact text. */
  Json json(Node value) {
    return switch (value) {
      case MappingNode mapping -> {
        Map<String, Json> all = new LinkedHashMap<>();
        Section inner = new Section(mapping, problems, what);
        inner.members.forEach((name, member) -> all.put(name, json(member)));
        yield new JsonObject(all);
      }
      case SequenceNode list -> new JsonArray(list.getValue().stream().map(this::json).toList());
      case ScalarNode scalar -> scalar(scalar);
      default -> JsonNull.NULL;
    };
  }

  private Json scalar(ScalarNode scalar) {
    String text = scalar.getValue();
    Tag tag = scalar.getTag();
    if (tag.equals(Tag.NULL)) {
      return JsonNull.NULL;
    }
    if (tag.equals(Tag.BOOL)) {
      return Json.of(text.equalsIgnoreCase("true"));
    }
    if (!tag.equals(Tag.INT) && !tag.equals(Tag.FLOAT)) {
      return Json.of(text);
    }
    try {
      return new JsonNumber(text);
    } catch (MalformedJsonException e) {
      problems.add(
          YamlFile.line(scalar), "write the number as JSON does, or quote it as a text: " + text);
      return JsonNull.NULL;
    }
  }
}
