package dev.assent.runtime;

import dev.assent.core.Decision;
import dev.assent.core.Requirement;
import dev.assent.core.RunStatus;
import dev.assent.core.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person gets to see of a requirement, as it is stored. Immutable. All text in it
 * that a model or a person wrote is hostile: show it by {@code SafeText}.
 *
 * @param requirement what waits
 * @param arguments the canonical JSON text, whole
 * @param summary one line
 * @param words what the agent said beside its calls, or why there is doubt; empty when nothing
 * @param decisions recorded so far
 * @param approvals how many people's approvals count now
 * @param needed how many are needed
 * @param call as the run holds it; absent when the run went on without it
 * @param runStatus where the run stands
 * @param resultText the call's result; absent while there is none
 * @param effectKey name of the effect; absent when the tool names none or is not here
 * @param requester display name of who started the run
 */
public record RequirementCard(
    Requirement requirement,
    String arguments,
    String summary,
    String words,
    List<CardDecision> decisions,
    int approvals,
    int needed,
    @Nullable ToolCall call,
    RunStatus runStatus,
    @Nullable String resultText,
    @Nullable String effectKey,
    String requester) {
  public RequirementCard {
    decisions = List.copyOf(decisions);
  }

  /** What its rule tells the approver, with the call's tool and arguments filled in. */
  public String prompt() {
    String message = requirement.terms().message();
    return message.isEmpty()
        ? ApprovalRequired.defaultPrompt(requirement.tool(), arguments)
        : ApprovalRequired.fill(message, requirement.tool(), arguments);
  }

  /** A decision and what was said with it. */
  public record CardDecision(Decision decision, @Nullable String words) {}
}
