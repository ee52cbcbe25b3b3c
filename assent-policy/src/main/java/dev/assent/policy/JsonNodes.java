package dev.assent.policy;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import java.util.List;
import org.snakeyaml.engine.v2.common.FlowStyle;
import org.snakeyaml.engine.v2.common.ScalarStyle;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;
import org.snakeyaml.engine.v2.nodes.Tag;

/** JSON as nodes: YAML reads most of JSON, but not every character of its texts. Stateless. */
final class JsonNodes {
  private JsonNodes() {}

  static Node of(Json json) {
    return switch (json) {
      case JsonObject object -> mapping(object);
      case JsonArray array ->
          new SequenceNode(
              Tag.SEQ, array.elements().stream().map(JsonNodes::of).toList(), FlowStyle.FLOW);
      case JsonString string -> scalar(Tag.STR, string.value(), ScalarStyle.DOUBLE_QUOTED);
      case JsonNumber number -> scalar(Tag.INT, number.text(), ScalarStyle.PLAIN);
      case JsonBoolean bool -> scalar(Tag.BOOL, Boolean.toString(bool.value()), ScalarStyle.PLAIN);
      case JsonNull nothing -> scalar(Tag.NULL, "null", ScalarStyle.PLAIN);
    };
  }

  static MappingNode mapping(JsonObject object) {
    List<NodeTuple> members =
        object.members().entrySet().stream()
            .map(
                member ->
                    new NodeTuple(
                        scalar(Tag.STR, member.getKey(), ScalarStyle.DOUBLE_QUOTED),
                        of(member.getValue())))
            .toList();
    return new MappingNode(Tag.MAP, members, FlowStyle.FLOW);
  }

  private static ScalarNode scalar(Tag tag, String text, ScalarStyle style) {
    return new ScalarNode(tag, text, style);
  }
}
