package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
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
 * @param shared arguments that come from variables of the session, hidden from the model
 * @param pin what one call of it would do, see {@link Pinned}; absent unless one call is meant
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
    Involvement involvement,
    List<SharedArgument> shared,
    @Nullable Digest pin) {
  private static final Remembered<ToolSpec, Digest> FINGERPRINTS =
      new Remembered<>(256, ToolSpec::computed);

  /** A tool that may take arguments from variables of the session. */
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
      List<PolicyOutcome> rules,
      Involvement involvement,
      List<SharedArgument> shared) {
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
        involvement,
        shared,
        null);
  }

  /** A tool whose arguments come from the model and from people. */
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
      List<PolicyOutcome> rules,
      Involvement involvement) {
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
        involvement,
        List.of());
  }

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
   * @throws IllegalArgumentException when the time limit is not positive, or an argument comes both
   *     from a variable and from a person
   */
  public ToolSpec {
    Names.check("tool name", name);
    rules = List.copyOf(rules);
    shared = List.copyOf(shared);
    for (SharedArgument argument : shared) {
      if (involvement.fields().contains(argument.name())) {
        throw new IllegalArgumentException(
            "tool '"
                + name
                + "': '"
                + argument.name()
                + "' comes from a variable and from a person; choose one");
      }
    }
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
    return FINGERPRINTS.of(this);
  }

  private Digest computed() {
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
    Digest involving =
        involvement.fields().isEmpty() && !involvement.external()
            ? plain
            : Digest.over(
                "assent-tool-2",
                plain.bytes(),
                utf8(String.join("\n", involvement.fields())),
                utf8(Boolean.toString(involvement.external())));
    Digest sharing = sharing(involving);
    return pin == null ? sharing : Digest.over("assent-tool-4", sharing.bytes(), pin.bytes());
  }

  private Digest sharing(Digest involving) {
    return shared.isEmpty()
        ? involving
        : Digest.over(
            "assent-tool-3",
            involving.bytes(),
            utf8(
                String.join(
                    "\n",
                    shared.stream().map(each -> each.name() + "\n" + each.variable()).toList())));
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
        involvement,
        shared,
        pin);
  }

  /** The same tool, of which only the call is meant that would do this. */
  public ToolSpec pinned(Digest one) {
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
        rules,
        involvement,
        shared,
        one);
  }

  /**
   * The schema of what the model may write: without what comes from a person or from a variable.
   */
  public Json modelSchema() {
    return without(
        Stream.concat(involvement.fields().stream(), shared.stream().map(SharedArgument::name))
            .toList());
  }

  /** The schema of what is proposed and approved: without the fields that come from a person. */
  public Json proposedSchema() {
    return without(involvement.fields());
  }

  private Json without(List<String> names) {
    if (names.isEmpty() || !(schema instanceof JsonObject whole)) {
      return schema;
    }
    JsonObject properties = whole.object("properties");
    for (String each : names) {
      properties = properties.without(each);
    }
    List<Json> required =
        whole.find("required").orElse(null) instanceof JsonArray all
            ? all.elements().stream()
                .filter(each -> !(each instanceof JsonString text && names.contains(text.value())))
                .toList()
            : List.of();
    return whole.with("properties", properties).with("required", new JsonArray(required));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
