package dev.assent.runtime;

import dev.assent.core.AuditChain;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Digest;
import dev.assent.core.Erasure;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.LegalHold;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.Sight;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tables of one tenant and what each change does to them. Not thread-safe: its store's lock
 * guards it. Whatever a change does, it notes how to undo it, so that a transaction can be taken
 * back whole.
 */
final class InMemoryTables {
  record StartedBy(String agent, String idempotencyKey) {}

  record TimerKey(RequirementId requirement, String kind) {}

  record Notice(String destination, Store.StoredNotice notice) {}

  final Map<RunId, InMemoryRun> runs = new LinkedHashMap<>();
  final Map<StartedBy, RunId> startedBy = new LinkedHashMap<>();
  final Map<String, RunId> conversations = new LinkedHashMap<>();
  final Map<RunId, List<Store.JournalEntry>> journal = new LinkedHashMap<>();
  final Map<BodyId, Body> bodies = new LinkedHashMap<>();
  final Map<String, List<Store.StoredMessage>> messages = new LinkedHashMap<>();
  final Map<RequirementId, Requirement> requirements = new LinkedHashMap<>();
  final Map<RunId, List<RequirementId>> requirementsOfRun = new LinkedHashMap<>();
  final Map<RequirementId, List<SignedDecision>> decisions = new LinkedHashMap<>();
  final Map<RequirementId, List<Sight>> sights = new LinkedHashMap<>();
  final Map<String, LegalHold> holds = new TreeMap<>();
  final Map<String, List<Erasure>> erasures = new LinkedHashMap<>();
  final Map<GrantId, Grant> grants = new LinkedHashMap<>();
  final Map<MandateId, Mandate> mandates = new LinkedHashMap<>();
  final Map<Digest, Store.StoredEffect> effects = new LinkedHashMap<>();
  final Map<TimerKey, Instant> timers = new LinkedHashMap<>();
  final Map<Long, Notice> outbox = new TreeMap<>();
  final List<SealedAuditRecord> audit = new ArrayList<>();
  final InMemoryAccounts accounts = new InMemoryAccounts();
  private final Map<BodyId, String> sessionOfBody = new LinkedHashMap<>();
  private final Map<String, Long> auditCounters = new LinkedHashMap<>();
  private AuditChain chain;
  private long lastNotice;
  private final List<Runnable> undo = new ArrayList<>();

  InMemoryTables(String tenant) {
    this.chain = AuditChain.start(tenant);
  }

  InMemoryRun run(RunId id) {
    return Objects.requireNonNull(runs.get(id), () -> "no run " + id);
  }

  Stream<Requirement> requirementsOf(RunId run) {
    return requirementsOfRun.getOrDefault(run, List.of()).stream()
        .map(id -> Objects.requireNonNull(requirements.get(id)))
        .sorted(Comparator.comparing(Requirement::createdAt));
  }

  /** Makes all of these changes, or none and names the one whose condition did not hold. */
  @Nullable Write applyAll(List<Write> writes, Instant now) {
    boolean whole = false;
    try {
      for (Write write : writes) {
        if (!apply(write, now)) {
          return write;
        }
      }
      whole = true;
      return null;
    } finally {
      if (!whole) {
        undo.reversed().forEach(Runnable::run);
      }
      undo.clear();
    }
  }

  private boolean apply(Write write, Instant now) {
    return switch (write) {
      case Write.NewRun w -> newRun(w);
      case Write.NextState w -> nextState(w);
      case Write.TakeLease w -> takeLease(w);
      case Write.KeepLease w -> keepLease(w);
      case Write.GiveLease w -> giveLease(w, now);
      case Write.Ring w -> ring(w);
      case Write.AskCancel w -> askCancel(w);
      case Write.Journal w -> journal(w);
      case Write.PutBody w ->
          putNew(bodies, w.body().id(), w.body()) && put(sessionOfBody, w.body().id(), w.session());
      case Write.EraseBody w -> remove(bodies, w.body()) && remove(sessionOfBody, w.body());
      case Write.NewSight w -> sight(w.sight());
      case Write.NewHold w -> putNew(holds, w.hold().session(), w.hold());
      case Write.EndHold w -> holds.containsKey(w.session()) && remove(holds, w.session());
      case Write.Erase w -> erase(w);
      case Write.NewMessage w -> message(w);
      case Write.NewRequirement w -> newRequirement(w.requirement());
      case Write.NextRequirement w -> nextRequirement(w);
      case Write.Expect w -> expect(w);
      case Write.ExpectRun w ->
          runs.containsKey(w.run()) && run(w.run()).state().version() == w.version();
      case Write.NewDecision w -> decision(w.decision());
      case Write.NewGrant w ->
          putNew(grants, w.grant().id(), w.grant()) && seal(new Write.Audit(w.told()));
      case Write.NextGrant w -> {
        Grant stored = grants.get(w.grant().id());
        yield stored != null
            && stored.revision() == w.grant().revision() - 1
            && put(grants, stored.id(), w.grant())
            && seal(new Write.Audit(w.told()));
      }
      case Write.NewMandate w ->
          putNew(mandates, w.mandate().id(), w.mandate()) && seal(new Write.Audit(w.told()));
      case Write.NextMandate w -> {
        Mandate stored = mandates.get(w.mandate().id());
        yield stored != null
            && stored.revision() == w.mandate().revision() - 1
            && put(mandates, stored.id(), w.mandate())
            && seal(new Write.Audit(w.told()));
      }
      case Write.ReserveEffect w ->
          putNew(
              effects,
              w.key(),
              new Store.StoredEffect(
                  w.key(), w.run(), w.call(), w.attempt(), Write.EffectStatus.OPEN, w.at()));
      case Write.SettleEffect w -> settleEffect(w);
      case Write.ReleaseEffect w -> releaseEffect(w);
      case Write.StartTimer w -> put(timers, new TimerKey(w.requirement(), w.kind()), w.due());
      case Write.StopTimer w ->
          timers.containsKey(new TimerKey(w.requirement(), w.kind()))
              && remove(timers, new TimerKey(w.requirement(), w.kind()));
      case Write.StopTimers w -> stopTimers(w);
      case Write.Audit w -> seal(w);
      case Write.Tell w -> tell(w);
      case Write.Told w -> remove(outbox, w.outboxId());
    };
  }

  private boolean newRun(Write.NewRun write) {
    InMemoryRun run = InMemoryRun.of(write);
    RunId id = write.state().id();
    String key = write.idempotencyKey();
    return putNew(runs, id, run)
        && (key == null || putNew(startedBy, new StartedBy(write.state().agent(), key), id))
        && (!run.occupiesSession() || putNew(conversations, write.state().session(), id));
  }

  private boolean nextState(Write.NextState write) {
    InMemoryRun run = runs.get(write.state().id());
    if (run == null
        || run.state().version() != write.state().version() - 1
        || (write.unlessCancelled() && run.cancelAskedBy() != null)
        || (write.unlessRung() && run.rings() > write.ringsSeen())) {
      return false;
    }
    InMemoryRun held = held(run, write.hold(), write.at());
    if (held == null) {
      return false;
    }
    InMemoryRun next =
        held.next(write.state(), write.at()).ready(write.ringsSeen(), write.readyAt(), write.at());
    if (run.occupiesSession() && !next.occupiesSession()) {
      remove(conversations, run.state().session());
    }
    return put(runs, write.state().id(), next);
  }

  private static @Nullable InMemoryRun held(InMemoryRun run, Write.Hold hold, Instant at) {
    return switch (hold) {
      case Write.Hold.Claim h ->
          run.takeable(h.expectedFence(), at) ? run.leased(run.fence() + 1, h.lease()) : null;
      case Write.Hold.Pass h ->
          run.takeable(h.expectedFence(), at) ? run.leased(run.fence() + 1, null) : null;
      case Write.Hold.Keep h ->
          run.heldUnder(h.fence()) ? run.leased(run.fence(), h.lease()) : null;
      case Write.Hold.Release h -> run.heldUnder(h.fence()) ? run.leased(run.fence(), null) : null;
    };
  }

  private boolean takeLease(Write.TakeLease write) {
    InMemoryRun run = runs.get(write.run());
    return run != null
        && run.state().version() == write.expectedVersion()
        && run.takeable(write.expectedFence(), write.at())
        && put(runs, write.run(), run.leased(run.fence() + 1, write.lease()));
  }

  private boolean keepLease(Write.KeepLease write) {
    InMemoryRun run = runs.get(write.run());
    return run != null
        && run.heldUnder(write.fence())
        && put(runs, write.run(), run.leased(run.fence(), write.lease()));
  }

  private boolean giveLease(Write.GiveLease write, Instant now) {
    InMemoryRun run = runs.get(write.run());
    return run != null
        && run.heldUnder(write.fence())
        && put(
            runs,
            write.run(),
            run.leased(run.fence(), null).ready(write.ringsSeen(), write.readyAt(), now));
  }

  private boolean ring(Write.Ring write) {
    InMemoryRun run = runs.get(write.run());
    return run != null
        && !(write.unlessEnded() && run.ended())
        && put(runs, write.run(), run.rung(write.at()));
  }

  private boolean askCancel(Write.AskCancel write) {
    InMemoryRun run = runs.get(write.run());
    return run != null
        && !run.ended()
        && run.cancelAskedBy() == null
        && put(runs, write.run(), run.cancelAsked(write.by(), write.at()));
  }

  private boolean journal(Write.Journal write) {
    List<Store.JournalEntry> entries = journal.getOrDefault(write.run(), List.of());
    return entries.stream().noneMatch(entry -> entry.version() == write.version())
        && add(
            journal,
            write.run(),
            new Store.JournalEntry(write.version(), write.at(), write.events()));
  }

  private boolean message(Write.NewMessage write) {
    long sequence = messages.getOrDefault(write.session(), List.of()).size() + 1L;
    return add(
        messages,
        write.session(),
        new Store.StoredMessage(sequence, write.run(), write.role(), write.body(), write.at()));
  }

  private boolean newRequirement(Requirement requirement) {
    return putNew(requirements, requirement.id(), requirement)
        && add(requirementsOfRun, requirement.run(), requirement.id());
  }

  private boolean nextRequirement(Write.NextRequirement write) {
    Requirement stored = requirements.get(write.requirement().id());
    return stored != null
        && stored.revision() == write.requirement().revision() - 1
        && !(write.onTime() && stored.deadline() != null && stored.deadline().isBefore(write.at()))
        && put(requirements, stored.id(), write.requirement());
  }

  private boolean expect(Write.Expect write) {
    Requirement stored = requirements.get(write.requirement());
    return stored != null
        && stored.version() == write.version()
        && stored.status() == write.status();
  }

  private boolean decision(SignedDecision signed) {
    RequirementId about = signed.decision().requirement();
    return decisions.getOrDefault(about, List.of()).stream()
            .map(SignedDecision::decision)
            .noneMatch(
                earlier ->
                    earlier.principal().equals(signed.decision().principal())
                        && earlier.idempotencyKey().equals(signed.decision().idempotencyKey()))
        && add(decisions, about, signed);
  }

  private boolean sight(Sight sight) {
    return sights.getOrDefault(sight.requirement(), List.of()).stream()
            .noneMatch(before -> before.of(sight.person(), sight.version(), sight.revealed()))
        && add(sights, sight.requirement(), sight);
  }

  /** The runs of a session. */
  Stream<InMemoryRun> runsOf(String session) {
    return runs.values().stream().filter(run -> run.state().session().equals(session));
  }

  /** Whether all of the session's runs have ended before. */
  boolean ended(String session, Instant before) {
    return runsOf(session).allMatch(run -> run.settled(before));
  }

  private boolean erasable(String session, Instant before) {
    return !holds.containsKey(session)
        && runsOf(session).findAny().isPresent()
        && ended(session, before)
        && runsOf(session).map(run -> run.state().id()).allMatch(this::settled);
  }

  /** Whether a standing permission lives whose text is the session's. */
  private boolean granted(String session, Instant at) {
    return grants.values().stream()
        .anyMatch(
            grant ->
                grant.session().equals(session)
                    && grant.revokedBy() == null
                    && at.isBefore(grant.scope().until()));
  }

  private boolean settled(RunId run) {
    return requirementsOf(run).noneMatch(Requirement::open)
        && effects.values().stream()
            .filter(effect -> effect.run().equals(run))
            .allMatch(effect -> effect.status() == Write.EffectStatus.COMMITTED);
  }

  /** Whether there is something to erase. */
  boolean hasContent(String session) {
    return sessionOfBody.containsValue(session)
        || messages.containsKey(session)
        || runsOf(session).anyMatch(run -> journal.containsKey(run.state().id()));
  }

  private boolean erase(Write.Erase write) {
    String session = write.erasure().session();
    if (!erasable(session, write.before()) || granted(session, write.erasure().at())) {
      return false;
    }
    List<BodyId> gone =
        sessionOfBody.entrySet().stream()
            .filter(body -> body.getValue().equals(session))
            .map(Map.Entry::getKey)
            .toList();
    for (BodyId body : gone) {
      remove(bodies, body);
      remove(sessionOfBody, body);
    }
    remove(messages, session);
    runsOf(session).map(run -> run.state().id()).toList().forEach(run -> remove(journal, run));
    return add(erasures, session, write.erasure());
  }

  private boolean settleEffect(Write.SettleEffect write) {
    Store.StoredEffect held = effects.get(write.key());
    return held != null
        && holds(held, write.run(), write.call())
        && put(
            effects,
            write.key(),
            new Store.StoredEffect(
                write.key(),
                write.run(),
                write.call(),
                held.attempt(),
                write.status(),
                write.at()));
  }

  private boolean releaseEffect(Write.ReleaseEffect write) {
    Store.StoredEffect held = effects.get(write.key());
    return held != null && holds(held, write.run(), write.call()) && remove(effects, write.key());
  }

  private static boolean holds(Store.StoredEffect effect, RunId run, ToolCallId call) {
    return effect.run().equals(run) && effect.call().equals(call);
  }

  private boolean stopTimers(Write.StopTimers write) {
    timers.keySet().stream()
        .filter(key -> key.requirement().equals(write.requirement()))
        .toList()
        .forEach(key -> remove(timers, key));
    return true;
  }

  private boolean seal(Write.Audit write) {
    AuditRecord record = counted(write.record());
    SealedAuditRecord sealed = chain.seal(record.bytes());
    AuditChain before = chain;
    chain = chain.after(sealed);
    audit.add(sealed);
    undo.add(
        () -> {
          audit.removeLast();
          chain = before;
        });
    return true;
  }

  private AuditRecord counted(AuditRecord record) {
    if (!record.tenant().equals(chain.tenant())) {
      throw new IllegalArgumentException(
          "An audit record of the tenant "
              + record.tenant()
              + " cannot be written for "
              + chain.tenant());
    }
    String run = record.run();
    if (run == null) {
      return record;
    }
    long sequence = auditCounters.getOrDefault(run, 0L) + 1;
    put(auditCounters, run, sequence);
    return record.withRun(run, Objects.requireNonNullElse(record.root(), run), sequence);
  }

  private boolean tell(Write.Tell write) {
    long id = ++lastNotice;
    return put(
        outbox,
        id,
        new Notice(
            write.destination(),
            new Store.StoredNotice(id, write.topic(), write.subject(), write.at())));
  }

  private <K, V> boolean putNew(Map<K, V> map, K key, V value) {
    return !map.containsKey(key) && put(map, key, value);
  }

  private <K, V> boolean put(Map<K, V> map, K key, V value) {
    V before = map.put(key, value);
    undo.add(
        () -> {
          if (before == null) {
            map.remove(key);
          } else {
            map.put(key, before);
          }
        });
    return true;
  }

  private <K, V> boolean add(Map<K, List<V>> map, K key, V value) {
    List<V> list = map.computeIfAbsent(key, none -> new ArrayList<>());
    list.add(value);
    undo.add(list::removeLast);
    return true;
  }

  private <K, V> boolean remove(Map<K, V> map, K key) {
    V before = map.remove(key);
    if (before != null) {
      undo.add(() -> map.put(key, before));
    }
    return true;
  }
}
