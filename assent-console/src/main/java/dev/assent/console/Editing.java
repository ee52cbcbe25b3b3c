package dev.assent.console;

import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNull;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonPatch;
import dev.assent.core.JsonString;
import dev.assent.core.Redaction;
import dev.assent.core.SafeText;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Arguments in a person's own editor, and what they made of them. Stateless. */
final class Editing {
  private static final String STEP = "  ";

  private Editing() {}

  /**
   * Opens the editor on a file that only this account may read, and takes the file away again.
   *
   * @return what stands in it afterwards; empty when the editor failed
   */
  static Optional<String> inEditor(Tty tty, String text) throws IOException {
    // A folder of its own: an editor's backup files are private too, and go with it.
    Path folder = Files.createTempDirectory("assent-");
    try {
      Path file = Files.createTempFile(folder, "arguments-", ".json");
      Files.writeString(file, text);
      return tty.edit(file) ? Optional.of(Files.readString(file)) : Optional.empty();
    } finally {
      remove(folder);
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.toList()) {
        Files.deleteIfExists(file);
      }
    }
    Files.deleteIfExists(folder);
  }

  /** One member in a line; what could not be seen is written as an escape. */
  static String text(Json json) {
    return text(json, "") + "\n";
  }

  private static String text(Json json, String indent) {
    String inside = indent + STEP;
    return switch (json) {
      case JsonObject object ->
          object.size() == 0
              ? "{}"
              : object.members().entrySet().stream()
                  .map(
                      each -> inside + quoted(each.getKey()) + ": " + text(each.getValue(), inside))
                  .collect(Collectors.joining(",\n", "{\n", "\n" + indent + "}"));
      case JsonArray array ->
          array.size() == 0
              ? "[]"
              : array.elements().stream()
                  .map(each -> inside + text(each, inside))
                  .collect(Collectors.joining(",\n", "[\n", "\n" + indent + "]"));
      case JsonString string -> quoted(string.value());
      case JsonNumber number -> number.text();
      case JsonBoolean bool -> bool.toString();
      case JsonNull nothing -> "null";
    };
  }

  private static String quoted(String text) {
    return SafeText.of(new JsonString(text).toString()).segments().stream()
        .map(
            segment ->
                switch (segment) {
                  case SafeText.Plain plain -> plain.text();
                  case SafeText.Hidden hidden -> escaped(hidden.codePoint());
                  case SafeText.Redacted secret -> secret.toString();
                })
        .collect(Collectors.joining());
  }

  private static String escaped(int codePoint) {
    char[] units = Character.toChars(codePoint);
    return IntStream.range(0, units.length)
        .mapToObj(i -> "\\u%04x".formatted((int) units[i]))
        .collect(Collectors.joining());
  }

  /** What differs, one place after the other. */
  static List<Line> difference(Json before, Json after, Redaction redaction, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    for (JsonPatch.Change change : JsonPatch.changes(before, after)) {
      Redaction.Place place = redaction.root().at(change.path());
      lines.addAll(set.foreign(3, place.name(change.path()), Style.STRONG));
      change.before().ifPresent(value -> lines.addAll(side("   - ", place.json(value), set)));
      change.after().ifPresent(value -> lines.addAll(side("   + ", place.json(value), set)));
    }
    return lines;
  }

  private static List<Line> side(String mark, SafeText value, Typesetter set) {
    return set.foreignAfter(mark, Style.STRONG, 5, value, Style.PLAIN);
  }
}
