package dev.assent.runtime;

import dev.assent.core.BodyRef;
import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RunCommand;
import dev.assent.core.RunId;
import dev.assent.core.RunMode;
import dev.assent.core.RunState;
import dev.assent.core.spi.Store;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** How runs begin, each key's only once, and how who began one waits for it. Thread-safe. */
final class Beginnings {
  private final Engine engine;
  private final Asking asking;
  private final Joining joining;

  Beginnings(Engine engine, Asking asking, Joining joining) {
    this.engine = engine;
    this.asking = asking;
    this.joining = joining;
  }

  /** A run, and who works on its beginning; nobody does when an earlier request began it. */
  record Begun(RunId run, @Nullable RunLoop loop) {}

  /**
   * Begins a run of an agent; it is stored when this returns, unless its caller waits.
   *
   * @param waits true when the caller learns of the run when it rests, and not before
   */
  Begun run(RunRequest request, boolean waits) {
    return begin(
        request.agent(),
        request.session(),
        RunMode.CONVERSATION,
        new Message.User(request.message()),
        request.requester(),
        new Draft.NewRun(request.labels(), request.idempotencyKey(), request.session() == null),
        request.responder(),
        request.variables(),
        waits);
  }

  /** Begins a run that is one call of a loop that is not ours. */
  Begun gate(GateRequest request) {
    Message.Call call = new Message.Call("call", request.tool(), request.arguments());
    return begin(
        request.agent(),
        null,
        RunMode.GATE,
        new Message.Assistant("", List.of(call)),
        request.requester(),
        new Draft.NewRun(Map.of(), request.idempotencyKey(), true),
        null,
        Map.of(),
        true);
  }

  private Begun begin(
      String agent,
      @Nullable String session,
      RunMode mode,
      Message first,
      @Nullable String requester,
      Draft.NewRun row,
      @Nullable Responder responder,
      Map<String, Json> variables,
      boolean waits) {
    if (!engine.agents().containsKey(agent)) {
      throw RuntimeFailure.unknownAgent(agent, engine.agents().keySet());
    }
    String key = row.idempotencyKey();
    if (key != null) {
      Optional<RunId> same = startedBy(agent, key, mode, first);
      if (same.isPresent()) {
        return new Begun(same.get(), null);
      }
    }
    RunId run = new RunId(engine.newId());
    Draft draft =
        Draft.begin(
            engine,
            new Draft.Place(
                run,
                run,
                null,
                session == null ? run.ownSession() : session,
                agent,
                mode,
                session == null ? null : lastVariables(session)),
            first,
            requester == null ? operatorId() : requester,
            row);
    if (mode == RunMode.GATE) {
      draft.add(
          new RunCommand.GateOpened(
              new RunCommand.Proposed(
                  "call", ((Message.Assistant) first).calls().getFirst().tool())));
    }
    draft.changeVariables(variables);
    if (responder != null) {
      asking.register(run, asking.person(null), responder);
    }
    boolean unhurried = waits && row.newSession() && key == null;
    RunLoop loop = engine.drive(draft, unhurried);
    if (unhurried) {
      return new Begun(run, loop);
    }
    try {
      Joining.waitFor(loop.started(), Long.MAX_VALUE);
    } catch (RuntimeFailure e) {
      asking.forget(run);
      // Somebody else may have used the key in the meantime.
      return Optional.ofNullable(key)
          .flatMap(used -> startedBy(agent, used, mode, first))
          .map(same -> new Begun(same, null))
          .orElseThrow(() -> e);
    }
    return new Begun(run, loop);
  }

  /** What the last run of a session left to the next one. */
  private @Nullable BodyRef lastVariables(String session) {
    List<Store.StoredMessage> said = engine.store().messages(engine.tenant(), session);
    return said.isEmpty()
        ? null
        : engine
            .store()
            .run(engine.tenant(), said.getLast().run())
            .map(last -> last.state().variables())
            .orElse(null);
  }

  /** The run that this key started; it must have begun with the same message. */
  private Optional<RunId> startedBy(String agent, String key, RunMode mode, Message first) {
    Optional<Store.StoredRun> same = engine.store().runOf(engine.tenant(), agent, key);
    if (same.isEmpty()) {
      return Optional.empty();
    }
    RunState state = same.get().state();
    if (state.mode() != mode || !first.equals(History.first(engine, state))) {
      throw new RuntimeFailure(
          "idempotency-key-reused",
          "this idempotency key started run "
              + state.id()
              + " with other content; use a new key for a new request");
    }
    return Optional.of(state.id());
  }

  /** As it came to rest; an error there is an error here. */
  Rest rested(Begun begun) {
    RunLoop loop = begun.loop();
    if (loop == null) {
      return joining.rested(begun.run(), Joining.FOREVER).orElseThrow();
    }
    try {
      return joining.rested(loop).orElseThrow();
    } catch (RuntimeException e) {
      if (loop.started().isCompletedExceptionally()) {
        asking.forget(begun.run());
      }
      throw e;
    }
  }

  private String operatorId() {
    Principal operator = engine.operator();
    return operator == null ? "nobody" : operator.id();
  }
}
