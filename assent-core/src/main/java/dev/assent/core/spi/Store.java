package dev.assent.core.spi;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Erasure;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.Keyring;
import dev.assent.core.LegalHold;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import dev.assent.core.RunStatus;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.Sight;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCallId;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps everything that must outlive the process. Thread-safe.
 *
 * <p>One verb writes: {@link #commit}, atomic, durable when it returns, and answering with a value.
 * What it gives back is, byte for byte, what was hashed. Times are whole milliseconds.
 */
public interface Store extends AutoCloseable {
  /**
   * Writes all of these changes or none.
   *
   * @throws StoreException when the store cannot write, for example because the disk is full;
   *     nothing was written then
   */
  Committed commit(String tenant, List<Write> writes);

  /**
   * As {@link #commit(String, List)}; whoever only waits for this to be durable is told at once,
   * and need not wait until the committing thread has woken up.
   *
   * @param durable run when all is durable and before this returns, on any thread; not run when
   *     nothing was written. It must be quick and must not throw.
   * @throws StoreException as {@link #commit(String, List)}
   */
  default Committed commit(String tenant, List<Write> writes, Runnable durable) {
    Committed result = commit(tenant, writes);
    if (result instanceof Committed.Done) {
      durable.run();
    }
    return result;
  }

  /** The clock by which deadlines are judged, in whole milliseconds. */
  Instant now();

  /**
   * True when what waits here for somebody outlives the process, so that they may take their time.
   */
  boolean durable();

  /** Keys that derive from the master key of this store. */
  Keyring keys();

  /**
   * The run, to go on with; empty when there is none of this id.
   *
   * @throws StoreException when somebody else wrote its row, also when they put back an older one
   */
  Optional<StoredRun> run(String tenant, RunId run);

  /** The run that this idempotency key started for this agent, as {@link #run}. */
  Optional<StoredRun> runOf(String tenant, String agent, String idempotencyKey);

  /**
   * Runs, newest first, at most {@code limit}, created before the run {@code after}. To be listed:
   * whoever goes on with one takes {@link #run}, which finds out who wrote it.
   */
  List<StoredRun> runs(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after);

  /** The ids of the same, also of those that cannot be read. */
  List<RunId> runIds(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after);

  /**
   * Runs that are ready, whose lease is free and whose agent is one of these. Also ended ones: a
   * call in doubt is settled after the end.
   */
  List<RunId> due(String tenant, Collection<String> agents, Instant now, int limit);

  /** Runs that are ready but of none of these agents. */
  List<RunId> unserved(String tenant, Collection<String> agents, Instant now, int limit);

  /** The transitions of a run after this version, oldest first. */
  List<JournalEntry> journal(String tenant, RunId run, long afterVersion, int limit);

  /** The messages of a session, oldest first. */
  List<StoredMessage> messages(String tenant, String session);

  /**
   * The body, decrypted.
   *
   * @throws dev.assent.core.AssentException when the stored bytes were tampered with
   */
  Optional<Body> body(String tenant, BodyId body);

  /** The bodies that exist of these, decrypted, in one round trip. */
  Map<BodyId, Body> bodies(String tenant, Collection<BodyId> bodies);

  /**
   * The requirement, to go on with; empty when there is none of this id.
   *
   * @throws StoreException when somebody else wrote its row, also when they put back an older one
   */
  Optional<Requirement> requirement(String tenant, RequirementId requirement);

  /** All requirements of a run, oldest first; to go on with, as {@link #requirement}. */
  List<Requirement> requirementsOf(String tenant, RunId run);

  /**
   * What is pending in a tree of runs, oldest first. To be shown: a row that somebody else wrote is
   * {@link Requirement#notAsWritten}.
   */
  List<Requirement> pendingUnder(String tenant, RunId root);

  /**
   * Requirements, earliest deadline first, then oldest; those without a deadline come last. To be
   * shown, as {@link #pendingUnder}.
   */
  Page<Requirement> requirements(String tenant, RequirementQuery query);

  /** All decisions on a requirement, oldest first. */
  List<SignedDecision> decisions(String tenant, RequirementId requirement);

  /** Who was shown a requirement, in order; one that somebody else wrote is not among them. */
  List<Sight> sights(String tenant, RequirementId requirement);

  /** What keeps sessions from being erased, by session; also one that somebody else wrote. */
  List<LegalHold> holds(String tenant);

  /** When a session was erased, oldest first. */
  List<Erasure> erasures(String tenant, String session);

  /**
   * Sessions, in the order of their names, of which something is left and all runs have ended with
   * nothing left to look at; {@link Write.Erase} looks at the rest.
   *
   * @param before only those of which no run changed at this moment or later
   * @param requester only those with a run that this principal asked for; absent means all
   * @param after only names after this one; empty for all
   */
  List<String> erasable(
      String tenant, Instant before, @Nullable String requester, String after, int limit);

  /**
   * What was erased is gone from the disk too when this returns, as far as the store can see to it:
   * logs and free pages are written over.
   */
  void sweep();

  /** Sessions with a run that this principal asked for, in the order of their names. */
  List<String> sessionsOf(String tenant, String requester, String after, int limit);

  /**
   * The grant, to go on with; empty when there is none of this id.
   *
   * @throws StoreException when somebody else wrote its row, also when they put back an older one,
   *     and when what it says was erased
   */
  Optional<Grant> grant(String tenant, GrantId grant);

  /** Grants, newest first; one that cannot be relied on says why, and hides no other. */
  List<StoredGrant> grants(String tenant, GrantQuery query);

  /**
   * The mandate, to go on with; empty when there is none of this id.
   *
   * @throws StoreException when somebody else wrote its row, also when they put back an older one
   */
  Optional<Mandate> mandate(String tenant, MandateId mandate);

  /** Mandates, newest first; one that cannot be relied on says why, and hides no other. */
  List<StoredMandate> mandates(String tenant, MandateQuery query);

  /** Who holds an effect; empty when it is free. */
  Optional<StoredEffect> effect(String tenant, Digest key);

  /** Timers that are due, earliest first. */
  List<StoredTimer> timers(String tenant, Instant now, int limit);

  /** What this destination has not been told, oldest first. */
  List<StoredNotice> outbox(String tenant, String destination, int limit);

  /** Sealed audit records after this position, in order. */
  List<SealedAuditRecord> audit(String tenant, long afterPosition, int limit);

  /** The sealed position of the newest audit record; 0 when there is none. */
  long auditHead(String tenant);

  /** Frees files and threads; commits under way are finished first. */
  @Override
  void close();

  /**
   * A run as it is stored. Immutable.
   *
   * @param fence how often its lease was taken
   * @param leaseFree true when nobody holds a lease that is still good
   * @param rings how often it was rung
   */
  record StoredRun(
      RunState state,
      String requester,
      Map<String, String> labels,
      long fence,
      boolean leaseFree,
      long rings,
      @Nullable Instant readyAt,
      @Nullable String cancelAskedBy,
      Instant createdAt,
      Instant updatedAt) {}

  /** One transition of a run. Immutable. */
  record JournalEntry(long version, Instant at, List<RunEvent> events) {}

  /** A message of a session. Immutable; {@code sequence} counts from 1. */
  record StoredMessage(long sequence, RunId run, String role, BodyRef body, Instant at) {}

  /**
   * A grant of a list. Immutable.
   *
   * @param grant absent when it cannot be relied on
   * @param problem code of the {@link StoreException} that {@link #grant} throws; absent when none
   */
  record StoredGrant(GrantId id, String tool, @Nullable Grant grant, @Nullable String problem) {}

  /**
   * Which grants. Immutable.
   *
   * @param tool only of this tool; absent means of all
   * @param liveAt only those neither revoked nor over then, used up or not; absent means all
   * @param limit how many at most
   * @param after those that come after this one; absent means from the newest on
   */
  record GrantQuery(
      @Nullable String tool, @Nullable Instant liveAt, int limit, @Nullable GrantId after) {}

  /**
   * A mandate of a list. Immutable.
   *
   * @param mandate absent when it cannot be relied on
   * @param problem code of the {@link StoreException} that {@link #mandate} throws; absent when
   *     none
   */
  record StoredMandate(MandateId id, @Nullable Mandate mandate, @Nullable String problem) {}

  /**
   * Which mandates. Immutable.
   *
   * @param holder only those that this account holds; absent means of all
   * @param liveAt only those neither revoked nor expired then, also those to come; absent means all
   * @param limit how many at most
   * @param after those that come after this one; absent means from the newest on
   */
  record MandateQuery(
      @Nullable String holder, @Nullable Instant liveAt, int limit, @Nullable MandateId after) {}

  /** Who holds an effect. Immutable. */
  record StoredEffect(
      Digest key, RunId run, ToolCallId call, int attempt, Write.EffectStatus status, Instant at) {}

  /** A timer. Immutable. */
  record StoredTimer(RequirementId requirement, String kind, Instant due) {}

  /** Something that a destination has not been told. Immutable. */
  record StoredNotice(long id, String topic, String subject, Instant at) {}

  /** From this moment, included, to that one, excluded; an absent end is open. Immutable. */
  record Span(@Nullable Instant from, @Nullable Instant to) {
    /** All of time. */
    public static final Span ALWAYS = new Span(null, null);

    /** True when the moment lies in it; an absent one only in {@link #ALWAYS}. */
    public boolean holds(@Nullable Instant moment) {
      return equals(ALWAYS)
          || (moment != null
              && (from == null || !moment.isBefore(from))
              && (to == null || moment.isBefore(to)));
    }
  }

  /** Which requirements; every absent or empty part matches all. Immutable. */
  record RequirementQuery(
      Set<RequirementStatus> statuses,
      @Nullable RequirementKind kind,
      @Nullable String agent,
      @Nullable String tool,
      @Nullable RunId run,
      @Nullable Risk risk,
      @Nullable String session,
      @Nullable String requester,
      @Nullable String closedBy,
      Span created,
      Span closed,
      int limit,
      @Nullable String after) {
    public RequirementQuery {
      statuses = Set.copyOf(statuses);
    }

    /** The first {@code limit} of all. */
    public static RequirementQuery first(int limit) {
      return new RequirementQuery(
          Set.of(),
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          null,
          Span.ALWAYS,
          Span.ALWAYS,
          limit,
          null);
    }

    /** The first {@code limit} that are pending. */
    public static RequirementQuery pending(int limit) {
      return first(limit).in(RequirementStatus.PENDING);
    }

    /** Only in one of these states. */
    public RequirementQuery in(RequirementStatus... wanted) {
      return new RequirementQuery(
          Set.of(wanted),
          kind,
          agent,
          tool,
          run,
          risk,
          session,
          requester,
          closedBy,
          created,
          closed,
          limit,
          after);
    }

    /** Only of this kind. */
    public RequirementQuery of(@Nullable RequirementKind wanted) {
      return new RequirementQuery(
          statuses, wanted, agent, tool, run, risk, session, requester, closedBy, created, closed,
          limit, after);
    }

    /** Only what this agent's calls of this tool wait for. */
    public RequirementQuery by(@Nullable String ofAgent, @Nullable String ofTool) {
      return new RequirementQuery(
          statuses, kind, ofAgent, ofTool, run, risk, session, requester, closedBy, created, closed,
          limit, after);
    }

    /** Only of this run. */
    public RequirementQuery of(@Nullable RunId wanted) {
      return new RequirementQuery(
          statuses, kind, agent, tool, wanted, risk, session, requester, closedBy, created, closed,
          limit, after);
    }

    /** Only of this risk. */
    public RequirementQuery of(@Nullable Risk wanted) {
      return new RequirementQuery(
          statuses, kind, agent, tool, run, wanted, session, requester, closedBy, created, closed,
          limit, after);
    }

    /** Only of this session, of runs that this principal asked for, closed by that one. */
    public RequirementQuery from(
        @Nullable String ofSession, @Nullable String askedBy, @Nullable String doneBy) {
      return new RequirementQuery(
          statuses, kind, agent, tool, run, risk, ofSession, askedBy, doneBy, created, closed,
          limit, after);
    }

    /** Only what was opened, and closed, in these spans. */
    public RequirementQuery between(Span opened, Span ended) {
      return new RequirementQuery(
          statuses, kind, agent, tool, run, risk, session, requester, closedBy, opened, ended,
          limit, after);
    }

    /** Those that come after this place, as {@link Page#next} gives it. */
    public RequirementQuery after(@Nullable String place) {
      return new RequirementQuery(
          statuses, kind, agent, tool, run, risk, session, requester, closedBy, created, closed,
          limit, place);
    }
  }

  /**
   * Some of the rows. {@code next} continues after the last; absent at the end.
   *
   * @param unreadable rows among these of which nothing but the id can be told
   */
  record Page<T>(List<T> items, @Nullable String next, long total, List<Unreadable> unreadable) {
    public Page {
      items = List.copyOf(items);
      unreadable = List.copyOf(unreadable);
    }

    /** All of them could be read. */
    public Page(List<T> items, @Nullable String next, long total) {
      this(items, next, total, List.of());
    }
  }

  /**
   * A row that cannot be read: a list names it and goes on with the others.
   *
   * @param why code of the error
   */
  record Unreadable(String id, String why) {}
}
