package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.Policy;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A call to try a policy on, and what is expected of it. Immutable.
 *
 * @param name what it is called in reports
 * @param line where it stands in its file, from 1 on
 * @param risk what the tool says about itself; absent when it says nothing
 * @param roles of the requester
 * @param expected absent when the call is only there to be covered
 */
public record RecordedCall(
    String name,
    int line,
    String agent,
    String tool,
    Effect effect,
    @Nullable Risk risk,
    JsonObject arguments,
    String session,
    String requester,
    List<String> roles,
    @Nullable Expected expected) {
  public RecordedCall {
    roles = List.copyOf(roles);
  }

  /**
   * What should come of it. Immutable; absent parts are not looked at.
   *
   * @param outcome {@code allow}, {@code audit}, {@code deny} or {@code require}
   * @param rules exactly the rules that fire, in any order
   * @param approvers all thresholds in words, such as {@code 2 of role finance}, in any order
   * @param risk the class of the call
   */
  public record Expected(
      String outcome,
      @Nullable Set<String> rules,
      @Nullable Set<String> approvers,
      @Nullable Risk risk) {}

  Policy.Question question() {
    ToolSpec spec =
        new ToolSpec(
            tool.contains("/") ? tool.substring(0, tool.indexOf('/')) : ToolSpec.OWN_CODE,
            tool,
            "",
            "",
            JsonObject.empty(),
            effect,
            null,
            false,
            Duration.ofMinutes(1),
            risk == null ? List.of() : List.of(declared(risk)));
    return new Policy.Question(agent, spec, arguments, new RunId("recorded"), session, requester);
  }

  /** Only what a tool declares says its risk. */
  private static PolicyOutcome declared(Risk risk) {
    return new PolicyOutcome.Require(
        new ApprovalTerms(
            "declared",
            List.of(Threshold.anyone()),
            risk,
            "",
            null,
            null,
            null,
            ApprovalTerms.OnExpiry.REJECT));
  }

  Principal principal() {
    return new Principal(requester, Principal.Kind.PERSON, requester, Set.copyOf(roles));
  }
}
