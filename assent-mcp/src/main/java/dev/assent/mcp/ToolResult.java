package dev.assent.mcp;

import dev.assent.runtime.NotExecutedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/** What a server answered, in words for the model. Stateless. */
final class ToolResult {
  private ToolResult() {}

  /**
   * The words of a result; what cannot be put in words is named as left out.
   *
   * @param errorsDidNothing the application trusts the server that its errors mean so
   * @throws NotExecutedException for an error that means that nothing happened
   * @throws ServerFailure for any other error, and for an answer that is no result at all
   */
  static String text(@Nullable Map<String, Object> answer, boolean errorsDidNothing)
      throws ServerFailure {
    if (answer == null
        || !(answer.get("content") instanceof List<?> || answer.get("structuredContent") != null)) {
      throw new ServerFailure("the server's answer is no result: it has no content", null);
    }
    String said = words(answer);
    if (saysError(answer.get("isError"))) {
      String told = said.isEmpty() ? "the server reports an error without words" : said;
      if (errorsDidNothing) {
        throw new NotExecutedException(told);
      }
      throw new ServerFailure("the server reports an error: " + told, null);
    }
    return said.isEmpty() ? "The tool ended without an error and said nothing." : said;
  }

  /** Anything but a plain no is an error: a flag that nobody understands is no success. */
  private static boolean saysError(@Nullable Object flag) {
    return flag != null && !flag.equals(Boolean.FALSE);
  }

  private static String words(Map<String, Object> answer) {
    List<String> words = new ArrayList<>();
    if (answer.get("content") instanceof List<?> contents) {
      contents.forEach(content -> words.add(words(content)));
    }
    Object structured = answer.get("structuredContent");
    if (structured != null && words.stream().noneMatch(text -> isJsonOf(text, structured))) {
      words.add(JsonValues.text(structured));
    }
    return String.join("\n", words);
  }

  /** Servers are told to say structured content in a text as well; once is enough. */
  private static boolean isJsonOf(String text, Object structured) {
    try {
      JsonNode written = JsonValues.MAPPER.readTree(text);
      return written.equals(JsonValues.MAPPER.readTree(JsonValues.text(structured)));
    } catch (JacksonException e) {
      return false;
    }
  }

  private static String words(@Nullable Object content) {
    if (!(content instanceof Map<?, ?> block)) {
      return "[left out: a content that is no object]";
    }
    return switch (text(block, "type")) {
      case "text" -> text(block, "text");
      case "image", "audio" -> leftOut(text(block, "type"), block, "data");
      case "resource_link" -> "[link: " + text(block, "name") + " " + text(block, "uri") + "]";
      case "resource" -> resource(block.get("resource"));
      default -> "[left out: " + text(block, "type") + "]";
    };
  }

  private static String resource(@Nullable Object resource) {
    if (!(resource instanceof Map<?, ?> embedded)) {
      return "[left out: a resource without content]";
    }
    return embedded.get("text") instanceof String text
        ? "[" + text(embedded, "uri") + "]\n" + text
        : leftOut(text(embedded, "uri"), embedded, "blob");
  }

  private static String leftOut(String what, Map<?, ?> block, String data) {
    return "[left out: "
        + what
        + " "
        + text(block, "mimeType")
        + ", "
        + text(block, data).length()
        + " characters of base64]";
  }

  private static String text(Map<?, ?> block, String name) {
    return block.get(name) instanceof String text ? text : "";
  }
}
