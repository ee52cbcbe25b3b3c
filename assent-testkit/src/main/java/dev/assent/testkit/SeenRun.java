package dev.assent.testkit;

import dev.assent.core.RequirementId;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunCard;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A run as it can be seen from outside, in process or over HTTP, at one moment. Immutable.
 *
 * @param id the run
 * @param status where it stands
 * @param output the answer, or the error's message; absent while it has not ended
 * @param code stable name of the error; absent unless it failed
 * @param calls of all turns, oldest first
 * @param waitsFor open requirements
 * @param events what happened, oldest first; empty where they cannot be seen
 */
public record SeenRun(
    RunId id,
    RunStatus status,
    @Nullable String output,
    @Nullable String code,
    List<SeenCall> calls,
    List<RequirementId> waitsFor,
    List<RunEvent> events) {
  private static final int MOST = 100_000;

  public SeenRun {
    calls = List.copyOf(calls);
    waitsFor = List.copyOf(waitsFor);
    events = List.copyOf(events);
  }

  /**
   * The run as it is stored now.
   *
   * @throws dev.assent.runtime.RuntimeFailure when there is no such run
   */
  public static SeenRun of(Assent assent, RunId run) {
    RunCard card = assent.runCard(run);
    RunState state = card.run().state();
    RunState.End end = state.end();
    return new SeenRun(
        run,
        state.status(),
        card.output(),
        end == null ? null : end.code(),
        card.calls().stream().map(SeenRun::call).toList(),
        card.waitsFor(),
        assent.store().journal(assent.tenant(), run, 0, MOST).stream()
            .map(Store.JournalEntry::events)
            .flatMap(List::stream)
            .toList());
  }

  private static SeenCall call(RunCard.CardCall card) {
    return new SeenCall(
        card.call().id(),
        card.call().tool(),
        card.call().status(),
        card.call().attempts(),
        card.arguments(),
        card.resultText(),
        card.call().code());
  }

  /** The calls of this tool, oldest first. */
  public List<SeenCall> callsOf(String tool) {
    return calls.stream().filter(call -> call.tool().equals(tool)).toList();
  }

  @Override
  public String toString() {
    return "run "
        + id
        + " is "
        + status
        + (code == null ? "" : " (" + code + ")")
        + (output == null ? "" : ": " + output)
        + (calls.isEmpty()
            ? "\n  it called no tool"
            : calls.stream()
                .map(Objects::toString)
                .collect(Collectors.joining("\n  ", "\n  ", "")));
  }
}
