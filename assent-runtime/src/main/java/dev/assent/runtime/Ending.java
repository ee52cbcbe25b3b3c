package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.CallStatus;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunCommand;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/** Closes what a run leaves open when it ends. Belongs to the thread of one {@link RunLoop}. */
final class Ending {
  private final Work work;

  Ending(Work work) {
    this.work = work;
  }

  /** The run cannot go on. */
  void fail(String code, String why) {
    BodyRef message = work.draft().text(why);
    close(results -> new RunCommand.Fail(code, message, results));
  }

  /** Somebody wanted it to end. */
  void cancel() {
    close(RunCommand.Close::new);
  }

  private void close(Function<Map<ToolCallId, BodyRef>, RunCommand> command) {
    Draft draft = work.draft();
    boolean outside = draft.state().calls().stream().anyMatch(this::takenOutside);
    if (outside) {
      draft.state().calls().stream()
          .filter(this::takenOutside)
          .toList()
          .forEach(
              call ->
                  draft.add(
                      Answers.unknown(
                          draft, call, "The run ended while somebody executed the call outside.")));
    }
    Map<ToolCallId, BodyRef> results = new HashMap<>();
    for (ToolCall call : draft.state().calls()) {
      if (call.status().next().contains(CallStatus.CANCELLED)) {
        results.put(
            call.id(), draft.result(call, "The run ended; the call was not executed.", true));
      }
    }
    if (!results.isEmpty() || outside || draft.state().review() != null) {
      openRequirements().forEach(each -> draft.close(each, RequirementStatus.CANCELLED));
    }
    draft.add(command.apply(results));
    Queued.leave(work.engine(), draft);
  }

  /** Somebody has begun to execute it: whether it happened, nobody here can know. */
  private boolean takenOutside(ToolCall call) {
    return call.status() == CallStatus.SUSPENDED
        && call.attempts() > 0
        && call.asked().stream()
            .filter(asked -> asked.kind() == RequirementKind.EXTERNAL_EXECUTION && asked.open())
            .anyMatch(
                asked ->
                    work.engine()
                        .store()
                        .requirement(work.engine().tenant(), asked.requirement())
                        .filter(requirement -> requirement.takenBy() != null)
                        .isPresent());
  }

  /** What the draft asks and what was asked before, without doubts: those stay. */
  private Collection<Requirement> openRequirements() {
    Map<RequirementId, Requirement> open = new LinkedHashMap<>();
    Draft draft = work.draft();
    if (!draft.beginsRun()) {
      work.engine()
          .store()
          .requirementsOf(work.engine().tenant(), work.run())
          .forEach(each -> open.put(each.id(), each));
    }
    draft.opened().forEach(each -> open.put(each.id(), each));
    open.values().removeIf(each -> !each.open() || each.kind() == RequirementKind.RECONCILIATION);
    return open.values();
  }
}
