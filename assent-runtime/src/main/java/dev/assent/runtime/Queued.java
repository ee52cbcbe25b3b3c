package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Message;
import dev.assent.core.RecordJson;
import dev.assent.core.RunCommand;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What people say to a run that is under way. It waits in the outbox, addressed to the run, until
 * the run may take it: between two turns. Stateless.
 */
final class Queued {
  private static final int AT_ONCE = 100;

  private Queued() {}

  /** Keeps a message for the run; false when the run has ended meanwhile. */
  static boolean put(Engine engine, RunState state, String text) {
    Body body = engine.newBody(RecordJson.write(new Draft.Spoken(new Message.User(text))));
    Instant now = engine.store().now();
    return engine
            .store()
            .commit(
                engine.tenant(),
                List.of(
                    new Write.PutBody(state.session(), body),
                    new Write.Tell(address(state.id()), "message", body.id().value(), now),
                    new Write.Ring(state.id(), true, now)))
        instanceof Committed.Done;
  }

  /** Takes over what waits, when the run is between two turns. */
  static void take(Engine engine, Draft draft) {
    if (draft.state().turns() > 0) {
      for (Store.StoredNotice notice : waiting(engine, draft)) {
        message(engine, notice).ifPresent(ref -> draft.say(new RunCommand.Say(ref), notice));
      }
    }
  }

  /** A run that ends leaves what it has not heard to the next run of its session. */
  static void leave(Engine engine, Draft draft) {
    for (Store.StoredNotice notice : waiting(engine, draft)) {
      message(engine, notice).ifPresent(draft::unheard);
      draft.heard(notice);
    }
  }

  /** What waits for the run and its draft has not taken, oldest first. */
  static List<Store.StoredNotice> waiting(Engine engine, Draft draft) {
    if (!draft.rung()) {
      return List.of(); // who puts something there rings the run, which an end minds
    }
    return engine.store().outbox(engine.tenant(), address(draft.state().id()), AT_ONCE).stream()
        .filter(notice -> !draft.hasHeard(notice))
        .toList();
  }

  static Optional<BodyRef> message(Engine engine, Store.StoredNotice notice) {
    return engine.store().body(engine.tenant(), new BodyId(notice.subject())).map(Body::ref);
  }

  private static String address(RunId run) {
    return "run/" + run;
  }
}
