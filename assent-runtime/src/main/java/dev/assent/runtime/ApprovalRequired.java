package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * That every call of a tool needs a person's yes, and in which words it is asked for. Immutable; a
 * rule of the tool underneath, joined with all others.
 *
 * @param prompt template with {@code {tool_name}} and {@code {tool_arguments}}; absent means the
 *     default one
 * @param denied what the model is told of a no; a reason follows it
 * @param timeout how long to wait, after which it is rejected; absent means for ever
 * @param offersAlways a yes may be given for the same arguments for the rest of the run
 * @param isStrict a typed text that is not understood denies, instead of being asked again
 */
public record ApprovalRequired(
    @Nullable String prompt,
    String denied,
    @Nullable Duration timeout,
    boolean offersAlways,
    boolean isStrict) {
  /** The value of a yes that holds for the rest of the run. */
  static final String ALWAYS = "always";

  /** What the model is told unless something else is declared. */
  public static final String DENIED = "User denied the tool call request";

  private static final String DEFAULT_PROMPT =
      """
      Agent tries to call tool:
      `{tool_name}`, {tool_arguments}
      Please approve or deny this request.
      """;

  /** The default: default prompt and text, no timeout, no always, not strict. */
  public static ApprovalRequired standard() {
    return new ApprovalRequired(null, DENIED, null, false, false);
  }

  /** The same, asked for in these words. */
  public ApprovalRequired prompt(String template) {
    return new ApprovalRequired(template, denied, timeout, offersAlways, isStrict);
  }

  /** The same; the model is told this of a no. */
  public ApprovalRequired denied(String text) {
    return new ApprovalRequired(prompt, text, timeout, offersAlways, isStrict);
  }

  /** The same, rejected after so long without an answer. */
  public ApprovalRequired timeout(Duration time) {
    return new ApprovalRequired(prompt, denied, time, offersAlways, isStrict);
  }

  /** The same, where a yes may be given for the rest of the run. */
  public ApprovalRequired always() {
    return new ApprovalRequired(prompt, denied, timeout, true, isStrict);
  }

  /** The same, where a text that is not understood denies. */
  public ApprovalRequired strict() {
    return new ApprovalRequired(prompt, denied, timeout, offersAlways, true);
  }

  /** The template in which it is asked for. */
  String template() {
    return prompt != null ? prompt : DEFAULT_PROMPT + (offersAlways ? "Y/N/Always?" : "Y/N?");
  }

  /** The name of the rule that it is. */
  static String ruleOf(String tool) {
    return "approvalRequired on " + tool;
  }

  /** The rule that it is. */
  PolicyOutcome.Require rule(String tool) {
    return new PolicyOutcome.Require(
        new ApprovalTerms(
            ruleOf(tool),
            List.of(Threshold.anyone()),
            Risk.MEDIUM,
            template(),
            null,
            timeout,
            null,
            ApprovalTerms.OnExpiry.REJECT));
  }

  /** A prompt in these words; what its arguments hold is not looked at again. */
  static String fill(String template, String tool, String arguments) {
    return Template.fill(
        template,
        JsonObject.of("tool_name", (Json) new JsonString(tool))
            .with("tool_arguments", new JsonString(arguments)));
  }

  /** The prompt of an approval that declares no words of its own. */
  static String defaultPrompt(String tool, String arguments) {
    return fill(standard().template(), tool, arguments);
  }
}
