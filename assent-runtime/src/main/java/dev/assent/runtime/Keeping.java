package dev.assent.runtime;

import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.Erasure;
import dev.assent.core.LegalHold;
import dev.assent.core.Principal;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What sessions hold, for how long, and what becomes of it. Thread-safe. */
final class Keeping {
  private static final Logger LOG = LoggerFactory.getLogger(Keeping.class);
  private static final int AT_ONCE = 200;

  /** How often it is looked for what is too old; a look reads the sessions' names and ends. */
  private static final Duration LOOK = Duration.ofMinutes(10);

  private final Engine engine;
  private final @Nullable Duration retained;
  private Instant looked = Instant.MIN;

  /**
   * @param retained how long content is kept after the end of a session's last run; absent means
   *     for ever
   */
  Keeping(Engine engine, @Nullable Duration retained) {
    this.engine = engine;
    this.retained = retained;
  }

  /** Erases what is too old, when it is time to look. For one thread. */
  void tick() {
    Instant now = engine.store().now();
    if (retained == null || now.isBefore(looked.equals(Instant.MIN) ? now : looked.plus(LOOK))) {
      return;
    }
    looked = now;
    List<String> gone = purge(retained);
    if (!gone.isEmpty()) {
      LOG.info("The content of {} sessions was erased, older than {}", gone.size(), retained);
    }
  }

  /** Erases the content of all sessions whose runs ended longer ago. */
  List<String> purge(Duration older) {
    Instant before = engine.store().now().minus(older);
    List<String> gone = new ArrayList<>();
    String after = "";
    while (true) {
      List<String> found = engine.store().erasable(engine.tenant(), before, null, after, AT_ONCE);
      for (String session : found) {
        if (erased(session, Erasure.RETENTION, before)) {
          gone.add(session);
        }
      }
      if (found.size() < AT_ONCE) {
        break;
      }
      after = found.getLast();
    }
    sweep(!gone.isEmpty());
    return gone;
  }

  /** Erases the content of a session now; tells why when it may not be. */
  Optional<String> erase(String session, Principal by) {
    // Also what ended in this very millisecond.
    Instant before = engine.store().now().plusMillis(1);
    if (erased(session, by.id(), before)) {
      sweep(true);
      return Optional.empty();
    }
    return Optional.of(
        held(session)
            .map(hold -> "It is kept by order of " + hold.by() + " since " + hold.at() + ".")
            .orElse(
                "There is no such session, or a run of it has not ended, or something of it is"
                    + " pending or in doubt."));
  }

  /** Erases the content of all sessions in which this principal started a run. */
  Assent.Erased erasePerson(String requester, Principal by) {
    List<String> gone = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    Instant before = engine.store().now().plusMillis(1);
    String after = "";
    while (true) {
      List<String> found = engine.store().sessionsOf(engine.tenant(), requester, after, AT_ONCE);
      for (String session : found) {
        (erased(session, by.id(), before) ? gone : kept).add(session);
      }
      if (found.size() < AT_ONCE) {
        break;
      }
      after = found.getLast();
    }
    sweep(!gone.isEmpty());
    return new Assent.Erased(gone, kept);
  }

  private boolean erased(String session, String by, Instant before) {
    Instant now = engine.store().now();
    return engine
            .store()
            .commit(
                engine.tenant(),
                List.of(
                    new Write.Erase(new Erasure(session, by, now), before),
                    audit("session.erased", session, by, now, null)))
        instanceof Committed.Done;
  }

  private void sweep(boolean needed) {
    if (needed) {
      engine.store().sweep();
    }
  }

  /** Keeps a session; false when it is kept already. */
  boolean hold(String session, Principal by, String why) {
    Body words = words(why);
    Instant now = engine.store().now();
    return engine
            .store()
            .commit(
                engine.tenant(),
                List.of(
                    new Write.PutBody(session, words),
                    new Write.NewHold(new LegalHold(session, by.id(), words.ref(), now)),
                    audit("session.held", session, by.id(), now, words)))
        instanceof Committed.Done;
  }

  /** Ends the keeping of a session; false when it is not kept. */
  boolean release(String session, Principal by, String why) {
    Body words = words(why);
    Instant now = engine.store().now();
    return engine
            .store()
            .commit(
                engine.tenant(),
                List.of(
                    new Write.PutBody(session, words),
                    new Write.EndHold(session),
                    audit("session.released", session, by.id(), now, words)))
        instanceof Committed.Done;
  }

  private Body words(String why) {
    if (why.isBlank()) {
      throw new IllegalArgumentException("say why: the audit log refers to it");
    }
    return engine.newBody(WellFormed.text(why).getBytes(StandardCharsets.UTF_8));
  }

  private Optional<LegalHold> held(String session) {
    return engine.store().holds(engine.tenant()).stream()
        .filter(hold -> hold.session().equals(session))
        .findFirst();
  }

  private Write.Audit audit(
      String type, String session, String by, Instant at, @Nullable Body words) {
    AuditRecord record =
        AuditRecord.of(engine.tenant(), at, type).withPrincipal(by).with("session", session);
    return new Write.Audit(
        words == null ? record : record.with("why", words.ref().commitment().toString()));
  }
}
