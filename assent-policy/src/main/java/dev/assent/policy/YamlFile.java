package dev.assent.policy;

import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads YAML 1.2 into nodes that know their lines; nothing is constructed. Stateless. */
final class YamlFile {
  private static final int LONGEST = 4_000_000;

  private YamlFile() {}

  /** Settings keep no state, but their label does not change either. */
  private static LoadSettings settings(String file) {
    return LoadSettings.builder()
        .setLabel(file)
        .setUseMarks(true)
        .setCodePointLimit(LONGEST)
        .setAllowDuplicateKeys(false)
        .setMaxAliasesForCollections(0)
        .build();
  }

  /** UTF-8, strictly. */
  static String decoded(byte[] bytes, Problems problems) {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(java.nio.ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      problems.add(1, "the file is not UTF-8; save it as UTF-8");
      throw problems.exception();
    }
  }

  /**
   * The one mapping that the file is.
   *
   * @throws PolicyException when it is no YAML, or something else
   */
  static Section read(String text, Problems problems) {
    try {
      Iterator<Node> documents =
          new Compose(settings(problems.file())).composeAllFromString(text).iterator();
      if (!documents.hasNext()) {
        problems.add(1, "the file is empty; begin with 'assent: policy/1'");
        throw problems.exception();
      }
      Node first = documents.next();
      if (documents.hasNext()) {
        problems.add(
            line(documents.next()), "a second document begins here; remove the '---' before it");
      }
      if (first instanceof MappingNode mapping) {
        return new Section(mapping, problems, "the file");
      }
      problems.add(line(first), "the file must be a mapping; begin with 'assent: policy/1'");
      throw problems.exception();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> at = e.getProblemMark();
      problems.add(
          at.map(mark -> mark.getLine() + 1).orElse(1),
          "this is not YAML: " + e.getProblem() + "; look at quotes and indentation");
    } catch (YamlEngineException e) {
      problems.add(1, "this is not YAML: " + e.getMessage());
    }
    throw problems.exception();
  }

  static int line(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }
}
