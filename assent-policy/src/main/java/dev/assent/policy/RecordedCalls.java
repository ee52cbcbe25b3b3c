package dev.assent.policy;

import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Risk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads calls from a YAML or JSON file: {@code calls:} and a list. */
public final class RecordedCalls {
  private static final Set<String> OUTCOMES = Set.of("allow", "audit", "deny", "require");

  private final Problems problems;

  private RecordedCalls(Problems problems) {
    this.problems = problems;
  }

  /**
   * Reads a file.
   *
   * @throws PolicyException with everything that is wrong
   */
  public static List<RecordedCall> load(Path file) {
    Problems problems = new Problems(String.valueOf(file.getFileName()));
    try {
      return parse(problems.file(), YamlFile.decoded(Files.readAllBytes(file), problems));
    } catch (IOException e) {
      problems.add(1, "the file cannot be read: " + e.getClass().getSimpleName() + " " + file);
      throw problems.exception();
    }
  }

  /**
   * Reads a text.
   *
   * @throws PolicyException with everything that is wrong
   */
  public static List<RecordedCall> parse(String file, String text) {
    Problems problems = new Problems(file);
    Section root =
        text.stripLeading().startsWith("{") ? json(text, problems) : YamlFile.read(text, problems);
    List<RecordedCall> calls = new ArrayList<>();
    for (Section each : root.sections("calls", "a call")) {
      calls.add(new RecordedCalls(problems).call(each));
    }
    root.done();
    if (calls.isEmpty()) {
      problems.add(1, "there are no calls; begin with 'calls:' and a list of them");
    }
    problems.check();
    return calls;
  }

  /** YAML reads flow mappings too, so what is no JSON may still be that. */
  private static Section json(String text, Problems problems) {
    try {
      return Json.parse(text) instanceof JsonObject object
          ? new Section(JsonNodes.mapping(object), problems, "the file")
          : YamlFile.read(text, problems);
    } catch (MalformedJsonException e) {
      return YamlFile.read(text, problems);
    }
  }

  private RecordedCall call(Section section) {
    String tool = section.required("tool", "pay").value();
    Section.Text name = section.text("name");
    RecordedCall call =
        new RecordedCall(
            name == null ? tool + " in line " + section.line() : name.value(),
            section.line(),
            or(section, "agent", "agent"),
            tool.isEmpty() ? "tool" : tool,
            effect(section),
            risk(section),
            arguments(section),
            or(section, "session", "session"),
            or(section, "requester", "requester"),
            section.texts("roles").stream().map(Section.Text::value).toList(),
            expected(section));
    section.done();
    return call;
  }

  private static String or(Section section, String key, String otherwise) {
    String written = section.string(key);
    return written == null ? otherwise : written;
  }

  private static Effect effect(Section section) {
    String written = section.string("effect");
    for (Effect effect : Effect.values()) {
      if (effect.name().equals(written)) {
        return effect;
      }
    }
    if (written != null) {
      section.problem("effect", "'effect' is one of " + List.of(Effect.values()));
    }
    return Effect.AT_MOST_ONCE;
  }

  private static @Nullable Risk risk(Section section) {
    String written = section.string("risk");
    return written == null
        ? null
        : PolicyReader.risk(section, "risk", written.toLowerCase(Locale.ROOT));
  }

  private static JsonObject arguments(Section section) {
    Node value = section.node("arguments");
    if (value == null) {
      return JsonObject.empty();
    }
    if (section.json(value) instanceof JsonObject object) {
      return object;
    }
    section.problem("arguments", "'arguments' must be a mapping");
    return JsonObject.empty();
  }

  private RecordedCall.@Nullable Expected expected(Section section) {
    Node value = section.node("expect");
    if (value == null) {
      return null;
    }
    if (!(value instanceof MappingNode mapping)) {
      String outcome = section.string("expect");
      return new RecordedCall.Expected(outcome(section, "expect", outcome), null, null, null);
    }
    Section expect = new Section(mapping, problems, "'expect'");
    RecordedCall.Expected expected =
        new RecordedCall.Expected(
            outcome(expect, "outcome", expect.required("outcome", "require").value()),
            set(expect, "rules"),
            set(expect, "approvers"),
            risk(expect));
    expect.done();
    return expected;
  }

  private static @Nullable Set<String> set(Section section, String key) {
    return section.has(key)
        ? section.texts(key).stream()
            .map(Section.Text::value)
            .collect(Collectors.toCollection(LinkedHashSet::new))
        : null;
  }

  private static String outcome(Section section, String key, @Nullable String written) {
    if (written == null || !OUTCOMES.contains(written)) {
      section.problem(key, "'" + key + "' is allow, audit, deny or require");
      return "require";
    }
    return written;
  }
}
