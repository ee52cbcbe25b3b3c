package dev.assent.runtime;

import dev.assent.core.CallStatus;
import dev.assent.core.Requirement;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Store;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** What a run that came to rest means for its caller. Thread-safe. */
final class Results {
  private final Engine engine;
  private final Cards cards;

  Results(Engine engine) {
    this.engine = engine;
    this.cards = engine.cards();
  }

  RunResult of(Rest rest) {
    RunState state = rest.state();
    RunState.End end = state.end();
    if (end == null) {
      return paused(state.id(), open(rest));
    }
    String text = text(rest);
    return switch (end.status()) {
      case COMPLETED -> new RunResult.Completed(state.id(), text, state.use());
      case FAILED ->
          new RunResult.Failed(state.id(), Objects.requireNonNullElse(end.code(), "failed"), text);
      case CANCELLED, RUNNING, PAUSED -> new RunResult.Cancelled(state.id());
    };
  }

  /**
   * The same of a gated call.
   *
   * @throws RuntimeFailure when the run is no gate
   */
  GateResult ofGate(Rest rest) {
    RunState state = rest.state();
    RunId run = state.id();
    if (state.end() == null) {
      return new GateResult.Waiting(run, open(rest));
    }
    ToolCall call =
        state.calls().stream()
            .findFirst()
            .orElseThrow(() -> new RuntimeFailure("no-gate", "run " + run + " is no gate"));
    String told = text(rest);
    return call.status() == CallStatus.SUCCEEDED
        ? new GateResult.Executed(run, told)
        : new GateResult.NotExecuted(
            run, call.status(), Objects.requireNonNullElse(call.code(), "run-ended"), told);
  }

  private RunResult.Paused paused(RunId run, List<Requirement> open) {
    return new RunResult.Paused(
        run,
        open,
        open.stream()
            .filter(each -> engine.silent(each.agent(), each.tool(), each.kind()))
            .map(Requirement::id)
            .collect(Collectors.toSet()));
  }

  private String text(Rest rest) {
    return Objects.requireNonNullElse(cards.output(rest), "");
  }

  /** What waits in this run and in those that carry its calls out. */
  private List<Requirement> open(Rest rest) {
    List<Requirement> known = rest.open();
    return known != null ? known : open(rest.state().id());
  }

  private List<Requirement> open(RunId run) {
    Store.StoredRun stored =
        engine.store().run(engine.tenant(), run).orElseThrow(() -> RuntimeFailure.unknownRun(run));
    return stored.state().root().equals(run)
        ? engine.store().pendingUnder(engine.tenant(), run)
        : engine.store().requirementsOf(engine.tenant(), run).stream()
            .filter(Requirement::open)
            .toList();
  }
}
