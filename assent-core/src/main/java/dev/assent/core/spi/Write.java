package dev.assent.core.spi;

import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Erasure;
import dev.assent.core.Grant;
import dev.assent.core.LegalHold;
import dev.assent.core.Mandate;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.Sight;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCallId;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One change inside a transaction. Immutable. A change whose condition does not hold makes the
 * whole transaction a {@link Committed.Conflict}; nothing of it is written then.
 */
public sealed interface Write {

  /**
   * A new run. Conflicts when the id exists, when the idempotency key was used for this agent, or
   * when the session has an unfinished conversation.
   *
   * @param lease who works on it from the start; absent when nobody does
   * @param readyAt when somebody should work on it while nobody holds a lease; absent means: when
   *     rung
   */
  record NewRun(
      RunState state,
      String requester,
      Map<String, String> labels,
      @Nullable String idempotencyKey,
      @Nullable Lease lease,
      @Nullable Instant readyAt,
      Instant at)
      implements Write {
    public NewRun {
      labels = Map.copyOf(labels);
    }
  }

  /**
   * The next state of a run. Conflicts unless its stored version is one less than the state's, the
   * hold is had, and, where asked for, no cancel was asked.
   *
   * @param unlessCancelled true for an intent: a run that somebody wants cancelled starts nothing
   * @param unlessRung true for an end: a run that was rung after {@code ringsSeen} has something to
   *     look at first
   * @param ringsSeen the rings that were looked at before; a later one keeps the run ready
   * @param readyAt when somebody should work on it while nobody holds a lease that is good; absent
   *     means: when rung
   */
  record NextState(
      RunState state,
      Hold hold,
      boolean unlessCancelled,
      boolean unlessRung,
      long ringsSeen,
      @Nullable Instant readyAt,
      Instant at)
      implements Write {
    /** A state that does not mind having been rung. */
    public NextState(
        RunState state,
        Hold hold,
        boolean unlessCancelled,
        long ringsSeen,
        @Nullable Instant readyAt,
        Instant at) {
      this(state, hold, unlessCancelled, false, ringsSeen, readyAt, at);
    }
  }

  /** How the writer of a run's next state holds the run. */
  sealed interface Hold {
    /** Takes a free lease; the fence rises by one. Conflicts unless the fence is the expected. */
    record Claim(long expectedFence, Lease lease) implements Hold {}

    /** Has the lease of this fence and keeps it. */
    record Keep(long fence, Lease lease) implements Hold {}

    /** Has the lease of this fence and gives it back. */
    record Release(long fence) implements Hold {}

    /** Takes a free lease and gives it back at once. */
    record Pass(long expectedFence) implements Hold {}
  }

  /**
   * The right to work on a run.
   *
   * @param holder the process
   * @param until when it ends unless it is kept
   */
  record Lease(String holder, Instant until) {}

  /** Takes the lease of a run, without another change. Conflicts as {@link Hold.Claim}. */
  record TakeLease(RunId run, long expectedVersion, long expectedFence, Lease lease, Instant at)
      implements Write {}

  /** Keeps the lease for longer. Conflicts when it is not held any more. */
  record KeepLease(RunId run, long fence, Lease lease) implements Write {}

  /** Gives the lease back; the run is ready again at {@code readyAt}, or when rung. */
  record GiveLease(RunId run, long fence, long ringsSeen, @Nullable Instant readyAt)
      implements Write {}

  /**
   * The run has something to look at. Conflicts when there is no such run.
   *
   * @param unlessEnded true for what only a run that goes on can hear: conflicts when it has ended
   */
  record Ring(RunId run, boolean unlessEnded, Instant at) implements Write {
    /** Rings an ended run too. */
    public Ring(RunId run, Instant at) {
      this(run, false, at);
    }
  }

  /** Somebody wants the run to end; rings it. Conflicts when it has ended or was asked before. */
  record AskCancel(RunId run, String by, Instant at) implements Write {}

  /** The events of the transition that made this version. Conflicts when it has some. */
  record Journal(RunId run, long version, List<RunEvent> events, Instant at) implements Write {
    public Journal {
      events = List.copyOf(events);
    }
  }

  /** A body, encrypted under the key of its session. Conflicts when the id exists. */
  record PutBody(String session, Body body) implements Write {}

  /** A body that is not to be kept; nothing happens when it does not exist. */
  record EraseBody(BodyId body) implements Write {}

  /** The next message of a session; {@code role} is user, assistant or tool. */
  record NewMessage(String session, RunId run, String role, BodyRef body, Instant at)
      implements Write {}

  /** A new requirement. Conflicts when the id exists. */
  record NewRequirement(Requirement requirement) implements Write {}

  /**
   * The next revision of a requirement. Conflicts unless the stored revision is one less.
   *
   * @param onTime true for a decision: conflicts when the stored deadline lies before {@code at}
   */
  record NextRequirement(Requirement requirement, boolean onTime, Instant at) implements Write {}

  /** Conflicts unless the requirement is in exactly this status and version. */
  record Expect(RequirementId requirement, int version, RequirementStatus status)
      implements Write {}

  /** Conflicts unless the run is in exactly this version. */
  record ExpectRun(RunId run, long version) implements Write {}

  /** One vote. Conflicts when the principal used the idempotency key on it before. */
  record NewDecision(SignedDecision decision) implements Write {}

  /**
   * A new standing permission. Conflicts when the id exists.
   *
   * @param told the line of the audit log that goes with it, see {@link #saysWhich}
   */
  record NewGrant(Grant grant, AuditRecord told) implements Write {
    public NewGrant {
      saysWhich(grant, told);
    }
  }

  /**
   * The next revision of a grant: used, given back or revoked. Conflicts unless the stored revision
   * is one less.
   *
   * @param told the line of the audit log that goes with it, see {@link #saysWhich}
   */
  record NextGrant(Grant grant, AuditRecord told) implements Write {
    public NextGrant {
      saysWhich(grant, told);
    }
  }

  /**
   * A new mandate. Conflicts when the id exists.
   *
   * @param told the line of the audit log that goes with it, see {@link #saysWhichMandate}
   */
  record NewMandate(Mandate mandate, AuditRecord told) implements Write {
    public NewMandate {
      saysWhichMandate(mandate, told);
    }
  }

  /**
   * The next revision of a mandate: taken back. Conflicts unless the stored revision is one less.
   *
   * @param told the line of the audit log that goes with it, see {@link #saysWhichMandate}
   */
  record NextMandate(Mandate mandate, AuditRecord told) implements Write {
    public NextMandate {
      saysWhichMandate(mandate, told);
    }
  }

  /** Type of a mandate's line of the audit log. */
  String MANDATE = "mandate";

  /** Detail of a mandate's line of the audit log: its id. */
  String MANDATE_ID = "mandate.id";

  /** Detail of a mandate's line of the audit log: its revision after the change. */
  String MANDATE_REVISION = "mandate.revision";

  /**
   * By its newest line of the audit log the store knows whether a mandate's row was put back.
   *
   * @throws IllegalArgumentException when the line has another type, or does not name this mandate
   *     in this revision
   */
  private static void saysWhichMandate(Mandate mandate, AuditRecord told) {
    if (!told.type().equals(MANDATE)
        || !mandate.id().value().equals(told.details().get(MANDATE_ID))
        || !Long.toString(mandate.revision()).equals(told.details().get(MANDATE_REVISION))) {
      throw new IllegalArgumentException(
          "The audit line of a mandate's change has type mandate and names "
              + mandate.id()
              + " in revision "
              + mandate.revision()
              + "; this one is "
              + told);
    }
  }

  /** Detail of a grant's line of the audit log: its id. */
  String GRANT_ID = "grant.id";

  /** Detail of a grant's line of the audit log: its revision after the change. */
  String GRANT_REVISION = "grant.revision";

  /**
   * By its newest line of the audit log the store knows whether a grant's row was put back.
   *
   * @throws IllegalArgumentException when the line has another type than {@code grant}, or does not
   *     name this grant in this revision
   */
  private static void saysWhich(Grant grant, AuditRecord told) {
    if (!told.type().equals("grant")
        || !grant.id().value().equals(told.details().get(GRANT_ID))
        || !Long.toString(grant.revision()).equals(told.details().get(GRANT_REVISION))) {
      throw new IllegalArgumentException(
          "The audit line of a grant's change has type grant and names "
              + grant.id()
              + " in revision "
              + grant.revision()
              + "; this one is "
              + told);
    }
  }

  /** Reserves an effect for one attempt. Conflicts when anybody, wherever it stands, holds it. */
  record ReserveEffect(Digest key, RunId run, ToolCallId call, int attempt, Instant at)
      implements Write {}

  /** What became of a reserved effect. Conflicts when this call does not hold it. */
  record SettleEffect(Digest key, RunId run, ToolCallId call, EffectStatus status, Instant at)
      implements Write {}

  /**
   * The effect did not happen: its key is free again. Conflicts when this call does not hold it.
   */
  record ReleaseEffect(Digest key, RunId run, ToolCallId call) implements Write {}

  /** Where a reserved effect stands. */
  enum EffectStatus {
    OPEN,
    COMMITTED,
    IN_DOUBT,
    /** Failed with unknown outcome; refused until a person clears it. */
    UNKNOWN
  }

  /** Acts on a requirement when it is due; replaces one of the same kind. */
  record StartTimer(RequirementId requirement, String kind, Instant due) implements Write {}

  /** One timer of a requirement. Conflicts when there is none: somebody else saw to it. */
  record StopTimer(RequirementId requirement, String kind) implements Write {}

  /** All timers of a requirement. */
  record StopTimers(RequirementId requirement) implements Write {}

  /** A person was shown something. Conflicts when that was written before. */
  record NewSight(Sight sight) implements Write {}

  /** Keeps all of a session. Conflicts when it is kept already. */
  record NewHold(LegalHold hold) implements Write {}

  /** Ends the keeping of a session. Conflicts when it is not kept. */
  record EndHold(String session) implements Write {}

  /**
   * Destroys what was written in a session: its key, its bodies with their salts, its messages and
   * the journals of its runs. Runs, requirements, decisions, effects and the audit log stay.
   * Conflicts unless the session has runs and all of them have ended with nothing left to look at,
   * nothing in them is pending or in doubt, no hold keeps it, no grant that lives is written in it,
   * nobody is writing to it, and none of its runs changed at the moment {@code before} or later.
   */
  record Erase(Erasure erasure, Instant before) implements Write {}

  /**
   * A line of the audit log. The store seals it: it gives the run's own counter (any {@code seq} in
   * the record is replaced), the position and the chain hash.
   */
  record Audit(AuditRecord record) implements Write {}

  /**
   * Something to tell a destination, at least once.
   *
   * @param destination name of a channel or listener
   * @param topic what happened, for example {@code run.ended}
   * @param subject id of the run or requirement; never a body
   */
  record Tell(String destination, String topic, String subject, Instant at) implements Write {}

  /** A destination has been told; nothing changes when it was told before. */
  record Told(long outboxId) implements Write {}
}
