package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a tool is, apart from its body. Immutable.
 *
 * @param owner {@code code} for the application's own, else the identity of the server it lives on
 * @param name how it is addressed, {@code server/tool} when it lives on a server
 * @param version declared by its author; empty when not declared
 * @param description what the model reads
 * @param schema JSON Schema of its arguments
 * @param effect what executing it does outside
 * @param effectKey template that names the effect, for example {@code invoice:{invoice_id}}
 * @param independent neither waits for other calls of its batch nor holds them up
 * @param timeLimit how long one attempt may take; every tool has one
 * @param rules what the tool itself asks for, joined with the policy of agent and process
 * @param involvement what people do in a call beside approving it
 */
public record ToolSpec(
    String owner,
    String name,
    String version,
    String description,
    Json schema,
    Effect effect,
    @Nullable String effectKey,
    boolean independent,
    Duration timeLimit,
    List<PolicyOutcome> rules,
    Involvement involvement) {

  /** A tool in which nobody does more than approve. */
  public ToolSpec(
      String owner,
      String name,
      String version,
      String description,
      Json schema,
      Effect effect,
      @Nullable String effectKey,
      boolean independent,
      Duration timeLimit,
      List<PolicyOutcome> rules) {
    this(
        owner,
        name,
        version,
        description,
        schema,
        effect,
        effectKey,
        independent,
        timeLimit,
        rules,
        Involvement.NONE);
  }

  /** The owner of tools that the application brings itself. */
  public static final String OWN_CODE = "code";

  /**
   * @throws IllegalArgumentException when the time limit is not positive
   */
  public ToolSpec {
    Names.check("tool name", name);
    rules = List.copyOf(rules);
    if (timeLimit.isZero() || timeLimit.isNegative()) {
      throw new IllegalArgumentException(
          "tool '" + name + "' needs a positive time limit, it has " + timeLimit);
    }
  }

  /**
   * What an approval is bound to. The description of own code is left out: a reworded one keeps the
   * votes. Anything else, and every word of a remote tool, makes an approval stale.
   */
  public Digest fingerprint() {
    Digest plain =
        Digest.over(
            "assent-tool-1",
            utf8(owner),
            utf8(name),
            utf8(version),
            CanonicalJson.of(schema),
            utf8(effect.name()),
            utf8(effectKey == null ? "" : effectKey),
            utf8(owner.equals(OWN_CODE) ? "" : description));
    return involvement.fields().isEmpty() && !involvement.external()
        ? plain
        : Digest.over(
            "assent-tool-2",
            plain.bytes(),
            utf8(String.join("\n", involvement.fields())),
            utf8(Boolean.toString(involvement.external())));
  }

  /** The same tool that asks for this itself. */
  public ToolSpec withRules(List<PolicyOutcome> more) {
    return new ToolSpec(
        owner,
        name,
        version,
        description,
        schema,
        effect,
        effectKey,
        independent,
        timeLimit,
        more,
        involvement);
  }

  /** The schema of what the model may write: without the fields that come from a person. */
  public Json modelSchema() {
    if (involvement.fields().isEmpty() || !(schema instanceof JsonObject whole)) {
      return schema;
    }
    JsonObject properties = whole.object("properties");
    for (String field : involvement.fields()) {
      properties = properties.without(field);
    }
    List<Json> required =
        whole.find("required").orElse(null) instanceof JsonArray names
            ? names.elements().stream()
                .filter(
                    name ->
                        !(name instanceof JsonString text
                            && involvement.fields().contains(text.value())))
                .toList()
            : List.of();
    return whole.with("properties", properties).with("required", new JsonArray(required));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
