package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Digest;
import dev.assent.core.Erasure;
import dev.assent.core.LegalHold;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Sight;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What every store does with who has seen what, with what is kept, and with what is erased. */
abstract class StoreKeepingContract extends StoreRecordsContract {
  private static final Instant AFTER = T0.plusMillis(1);

  private static Write.Erase erase(String session) {
    return new Write.Erase(new Erasure(session, "bob", T0), AFTER);
  }

  /** A run that has ended, with a message, a journal and a requirement that was closed. */
  private RunState finished(String id) {
    RunState first = first(id);
    RunState end = ended(first);
    Requirement asked = requirement(id);
    done(
        newRun(first, LEASE),
        putBody("session-" + id, "arguments-" + id + "-1"),
        putBody("session-" + id, "message-" + id),
        new Write.NewMessage("session-" + id, first.id(), "user", ref("message-" + id), T0),
        new Write.Journal(first.id(), 1, List.of(started(id, "session-" + id, first.mode())), T0),
        new Write.NewRequirement(asked));
    done(
        new Write.NextRequirement(asked.closed(RequirementStatus.APPROVED, "bob", T0), false, T0),
        new Write.NextState(end, new Write.Hold.Release(1), false, 1, null, T0),
        audit(id));
    return end;
  }

  @Nested
  class Sights {
    private final Sight seen = new Sight(requirement("r1").id(), 1, "bob", "bob-2", false, T0);

    @Test
    void areWrittenOnceForEachPersonAndVersion() {
      Sight revealed = new Sight(seen.requirement(), 1, "bob", "bob-2", true, T0.plusMillis(1));
      Sight later = new Sight(seen.requirement(), 2, "bob", "bob", false, T0.plusMillis(2));
      done(new Write.NewSight(seen));

      conflicts(new Write.NewSight(seen));
      conflicts(new Write.NewSight(new Sight(seen.requirement(), 1, "bob", "x", false, LATER)));
      done(new Write.NewSight(revealed), new Write.NewSight(later));

      assertThat(store.sights(TENANT, seen.requirement())).containsExactly(seen, revealed, later);
      assertThat(store.sights("other", seen.requirement())).isEmpty();
    }
  }

  @Nested
  class Holds {
    @Test
    void keepASessionOnceUntilTheyEnd() {
      LegalHold hold = new LegalHold("session-r1", "bob", ref("why"), T0);
      done(new Write.NewHold(hold), putBody("session-r1", "why"));

      conflicts(new Write.NewHold(hold));
      assertThat(store.holds(TENANT)).containsExactly(hold);
      assertThat(store.holds("other")).isEmpty();

      done(new Write.EndHold("session-r1"));
      assertThat(store.holds(TENANT)).isEmpty();
      conflicts(new Write.EndHold("session-r1"));
    }
  }

  @Nested
  class Erasures {
    @Test
    void destroyWhatWasWrittenAndKeepWhatHappened() {
      RunState run = finished("r1");
      finished("r2");
      long records = intactAudit();

      done(erase("session-r1"), audit(null));

      assertThat(store.body(TENANT, new BodyId("arguments-r1-1"))).isEmpty();
      assertThat(store.messages(TENANT, "session-r1")).isEmpty();
      assertThat(store.journal(TENANT, run.id(), 0, 10)).isEmpty();
      assertThat(run("r1").state()).isEqualTo(run);
      assertThat(store.requirementsOf(TENANT, run.id())).hasSize(1);
      assertThat(intactAudit()).isEqualTo(records + 1);
      assertThat(store.erasures(TENANT, "session-r1"))
          .containsExactly(new Erasure("session-r1", "bob", T0));
      assertThat(store.body(TENANT, new BodyId("arguments-r2-1"))).isPresent();
      assertThat(store.erasures(TENANT, "session-r2")).isEmpty();
    }

    @Test
    void leaveTheSessionToBeUsedAgain() {
      finished("r1");
      done(erase("session-r1"));

      done(putBody("session-r1", "new"));

      assertThat(store.body(TENANT, new BodyId("new")).map(Body::text)).contains("new");
    }

    @Test
    @Tag("X58")
    void neverTouchWhatIsUnderWayOrInDoubt() {
      conflicts(erase("session-none"));
      done(newRun(first("r1")), putBody("session-r1", "a"));
      conflicts(erase("session-r1"));
      finished("r2");
      Digest key = Digest.sha256(new byte[] {2});
      done(new Write.ReserveEffect(key, new RunId("r2"), new ToolCallId("c1"), 1, T0));
      for (Write.EffectStatus doubt :
          List.of(
              Write.EffectStatus.OPEN, Write.EffectStatus.IN_DOUBT, Write.EffectStatus.UNKNOWN)) {
        done(new Write.SettleEffect(key, new RunId("r2"), new ToolCallId("c1"), doubt, T0));
        conflicts(erase("session-r2"));
      }
      done(
          new Write.SettleEffect(
              key, new RunId("r2"), new ToolCallId("c1"), Write.EffectStatus.COMMITTED, T0));
      done(erase("session-r2"));
      assertThat(store.effect(TENANT, key)).as("it happened for ever").isPresent();
      finished("r3");
      done(new Write.NewRequirement(requirement("r3", 2, T0, null)));
      conflicts(erase("session-r3"));
    }

    @Test
    void stopAtAHoldARingAndALaterChange() {
      finished("r1");
      conflicts(new Write.Erase(new Erasure("session-r1", "bob", T0), T0));
      done(new Write.NewHold(new LegalHold("session-r1", "bob", ref("why"), T0)));
      conflicts(erase("session-r1"));
      done(new Write.EndHold("session-r1"), new Write.Ring(new RunId("r1"), T0));
      conflicts(erase("session-r1"));
    }

    @Test
    void areFoundByTimeAndPerson() {
      finished("r1");
      finished("r2");
      done(newRun(first("r3")), putBody("session-r3", "x"));

      assertThat(store.erasable(TENANT, AFTER, null, "", 10))
          .containsExactly("session-r1", "session-r2");
      assertThat(store.erasable(TENANT, AFTER, "ada", "session-r1", 10))
          .containsExactly("session-r2");
      assertThat(store.erasable(TENANT, AFTER, "eve", "", 10)).isEmpty();
      assertThat(store.erasable(TENANT, T0, null, "", 10)).isEmpty();
      assertThat(store.sessionsOf(TENANT, "ada", "", 2))
          .containsExactly("session-r1", "session-r2");
      done(erase("session-r1"));
      assertThat(store.erasable(TENANT, AFTER, null, "", 10)).containsExactly("session-r2");
    }
  }
}
