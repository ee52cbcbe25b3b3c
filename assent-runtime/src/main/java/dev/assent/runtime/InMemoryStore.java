package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.BodyId;
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
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.Sight;
import dev.assent.core.SignedDecision;
import dev.assent.core.spi.AccountStore;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.RequirementCursor;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A store that forgets everything when the process ends: for tests and for trying things out.
 * Thread-safe; behaves like every other store, under one lock and with random keys of its own.
 *
 * <p>It is not durable: a run that would have to wait for somebody ends with the code {@link
 * ChannelFailure.NotProvided#CODE}, unless a responder is registered or the Assent is {@link
 * Assent.Builder#answeredFromOutside answered from outside}.
 */
public final class InMemoryStore implements Store, AccountStore {
  private static final Comparator<Mandate> NEWEST_MANDATE_FIRST =
      Comparator.comparing(Mandate::givenAt).thenComparing(each -> each.id().value()).reversed();

  private static final Comparator<Grant> NEWEST_GRANT_FIRST =
      Comparator.comparing(Grant::createdAt).thenComparing(grant -> grant.id().value()).reversed();

  private final InstantSource clock;
  private final Keyring keys;
  private final ReentrantLock lock = new ReentrantLock();
  private final Map<String, InMemoryTables> tenants = new HashMap<>();
  private boolean closed;

  /** An empty store on the system's clock. */
  public InMemoryStore() {
    this(Clock.systemUTC());
  }

  /**
   * An empty store.
   *
   * @param clock read in whole milliseconds
   */
  public InMemoryStore(InstantSource clock) {
    this.clock = clock;
    byte[] master = new byte[Keyring.MASTER_KEY_BYTES];
    new SecureRandom().nextBytes(master);
    this.keys = Keyring.of(master);
  }

  @Override
  public Committed commit(String tenant, List<Write> writes) {
    return inside(
        tenant,
        tables -> {
          Write because = tables.applyAll(writes, now());
          return because == null ? new Committed.Done() : new Committed.Conflict(because);
        });
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public boolean durable() {
    return false;
  }

  @Override
  public Keyring keys() {
    return keys;
  }

  @Override
  public Optional<StoredRun> run(String tenant, RunId run) {
    return inside(
        tenant, tables -> Optional.ofNullable(tables.runs.get(run)).map(r -> r.stored(now())));
  }

  @Override
  public Optional<StoredRun> runOf(String tenant, String agent, String idempotencyKey) {
    return inside(
        tenant,
        tables ->
            Optional.ofNullable(
                    tables.startedBy.get(new InMemoryTables.StartedBy(agent, idempotencyKey)))
                .map(id -> tables.run(id).stored(now())));
  }

  @Override
  public List<StoredRun> runs(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after) {
    return inside(
        tenant,
        tables -> {
          InMemoryRun last = after == null ? null : tables.runs.get(after);
          if (after != null && last == null) {
            return List.of();
          }
          return tables.runs.values().stream()
              .filter(run -> status == null || run.state().status() == status)
              .filter(run -> agent == null || run.state().agent().equals(agent))
              .filter(run -> last == null || InMemoryRun.NEWEST_FIRST.compare(run, last) > 0)
              .sorted(InMemoryRun.NEWEST_FIRST)
              .limit(limit)
              .map(run -> run.stored(now()))
              .toList();
        });
  }

  @Override
  public List<RunId> runIds(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after) {
    return runs(tenant, status, agent, limit, after).stream().map(run -> run.state().id()).toList();
  }

  @Override
  public List<RunId> due(String tenant, Collection<String> agents, Instant now, int limit) {
    return ready(tenant, run -> agents.contains(run.state().agent()), now, limit);
  }

  @Override
  public List<RunId> unserved(String tenant, Collection<String> agents, Instant now, int limit) {
    return ready(tenant, run -> !agents.contains(run.state().agent()), now, limit);
  }

  private List<RunId> ready(String tenant, Predicate<InMemoryRun> which, Instant now, int limit) {
    return inside(
        tenant,
        tables ->
            tables.runs.values().stream()
                .filter(run -> run.due(now))
                .filter(which)
                .sorted(InMemoryRun.READY_FIRST)
                .limit(limit)
                .map(run -> run.state().id())
                .toList());
  }

  @Override
  public List<JournalEntry> journal(String tenant, RunId run, long afterVersion, int limit) {
    return inside(
        tenant,
        tables ->
            tables.journal.getOrDefault(run, List.of()).stream()
                .filter(entry -> entry.version() > afterVersion)
                .sorted(Comparator.comparing(JournalEntry::version))
                .limit(limit)
                .toList());
  }

  @Override
  public List<StoredMessage> messages(String tenant, String session) {
    return inside(tenant, tables -> List.copyOf(tables.messages.getOrDefault(session, List.of())));
  }

  @Override
  public Optional<Body> body(String tenant, BodyId body) {
    return inside(tenant, tables -> Optional.ofNullable(tables.bodies.get(body)));
  }

  @Override
  public Map<BodyId, Body> bodies(String tenant, Collection<BodyId> bodies) {
    return inside(
        tenant,
        tables -> {
          Map<BodyId, Body> found = new LinkedHashMap<>();
          for (BodyId id : bodies) {
            Body body = tables.bodies.get(id);
            if (body != null) {
              found.put(id, body);
            }
          }
          return found;
        });
  }

  @Override
  public Optional<Requirement> requirement(String tenant, RequirementId requirement) {
    return inside(tenant, tables -> Optional.ofNullable(tables.requirements.get(requirement)));
  }

  @Override
  public List<Requirement> requirementsOf(String tenant, RunId run) {
    return inside(tenant, tables -> tables.requirementsOf(run).toList());
  }

  @Override
  public List<Requirement> pendingUnder(String tenant, RunId root) {
    return inside(
        tenant,
        tables ->
            tables.requirements.values().stream()
                .filter(requirement -> requirement.root().equals(root) && requirement.open())
                .toList());
  }

  @Override
  public Page<Requirement> requirements(String tenant, RequirementQuery query) {
    RequirementCursor after = query.after() == null ? null : RequirementCursor.parse(query.after());
    return inside(
        tenant,
        tables -> {
          List<Requirement> matching =
              tables.requirements.values().stream()
                  .filter(requirement -> matches(query, requirement))
                  .sorted(Comparator.comparing(RequirementCursor::of))
                  .toList();
          List<Requirement> rest =
              matching.stream()
                  .filter(r -> after == null || RequirementCursor.of(r).compareTo(after) > 0)
                  .toList();
          List<Requirement> items = rest.stream().limit(query.limit()).toList();
          String next =
              items.isEmpty() || items.size() == rest.size()
                  ? null
                  : RequirementCursor.of(items.getLast()).text();
          return new Page<>(items, next, matching.size());
        });
  }

  private static boolean matches(RequirementQuery query, Requirement requirement) {
    return (query.statuses().isEmpty() || query.statuses().contains(requirement.status()))
        && (query.kind() == null || query.kind() == requirement.kind())
        && (query.agent() == null || query.agent().equals(requirement.agent()))
        && (query.tool() == null || query.tool().equals(requirement.tool()))
        && (query.run() == null || query.run().equals(requirement.run()))
        && (query.risk() == null || query.risk() == requirement.terms().risk())
        && (query.session() == null || query.session().equals(requirement.session()))
        && (query.requester() == null || query.requester().equals(requirement.requester()))
        && (query.closedBy() == null || query.closedBy().equals(requirement.closedBy()))
        && query.created().holds(requirement.createdAt())
        && query.closed().holds(requirement.closedAt());
  }

  @Override
  public List<SignedDecision> decisions(String tenant, RequirementId requirement) {
    return inside(
        tenant, tables -> List.copyOf(tables.decisions.getOrDefault(requirement, List.of())));
  }

  @Override
  public List<Sight> sights(String tenant, RequirementId requirement) {
    return inside(
        tenant, tables -> List.copyOf(tables.sights.getOrDefault(requirement, List.of())));
  }

  @Override
  public List<LegalHold> holds(String tenant) {
    return inside(tenant, tables -> List.copyOf(tables.holds.values()));
  }

  @Override
  public List<Erasure> erasures(String tenant, String session) {
    return inside(tenant, tables -> List.copyOf(tables.erasures.getOrDefault(session, List.of())));
  }

  @Override
  public List<String> erasable(
      String tenant, Instant before, @Nullable String requester, String after, int limit) {
    return inside(
        tenant,
        tables ->
            sessions(tables, requester, after)
                .filter(tables::hasContent)
                .filter(session -> tables.ended(session, before))
                .limit(limit)
                .toList());
  }

  @Override
  public void sweep() {
    // There is no disk.
  }

  @Override
  public List<String> sessionsOf(String tenant, String requester, String after, int limit) {
    return inside(tenant, tables -> sessions(tables, requester, after).limit(limit).toList());
  }

  private static Stream<String> sessions(
      InMemoryTables tables, @Nullable String requester, String after) {
    return tables.runs.values().stream()
        .filter(run -> requester == null || run.requester().equals(requester))
        .map(run -> run.state().session())
        .filter(session -> session.compareTo(after) > 0)
        .distinct()
        .sorted();
  }

  @Override
  public Optional<Grant> grant(String tenant, GrantId grant) {
    return inside(tenant, tables -> Optional.ofNullable(tables.grants.get(grant)));
  }

  @Override
  public List<StoredGrant> grants(String tenant, GrantQuery query) {
    return inside(
        tenant,
        tables -> {
          Grant last = query.after() == null ? null : tables.grants.get(query.after());
          return tables.grants.values().stream()
              .filter(grant -> query.tool() == null || query.tool().equals(grant.tool()))
              .filter(grant -> query.liveAt() == null || live(grant, query.liveAt()))
              .filter(grant -> query.after() == null || last != null)
              .filter(grant -> last == null || NEWEST_GRANT_FIRST.compare(grant, last) > 0)
              .sorted(NEWEST_GRANT_FIRST)
              .limit(query.limit())
              .map(grant -> new StoredGrant(grant.id(), grant.tool(), grant, null))
              .toList();
        });
  }

  @Override
  public Optional<Mandate> mandate(String tenant, MandateId mandate) {
    return inside(tenant, tables -> Optional.ofNullable(tables.mandates.get(mandate)));
  }

  @Override
  public List<StoredMandate> mandates(String tenant, MandateQuery query) {
    return inside(
        tenant,
        tables -> {
          Mandate last = query.after() == null ? null : tables.mandates.get(query.after());
          Instant at = query.liveAt();
          return tables.mandates.values().stream()
              .filter(each -> query.holder() == null || query.holder().equals(each.holder()))
              .filter(each -> at == null || (each.revokedBy() == null && at.isBefore(each.ends())))
              .filter(each -> query.after() == null || last != null)
              .filter(each -> last == null || NEWEST_MANDATE_FIRST.compare(each, last) > 0)
              .sorted(NEWEST_MANDATE_FIRST)
              .limit(query.limit())
              .map(each -> new StoredMandate(each.id(), each, null))
              .toList();
        });
  }

  private static boolean live(Grant grant, Instant at) {
    return grant.revokedBy() == null && at.isBefore(grant.scope().until());
  }

  @Override
  public Optional<StoredEffect> effect(String tenant, Digest key) {
    return inside(tenant, tables -> Optional.ofNullable(tables.effects.get(key)));
  }

  @Override
  public List<StoredTimer> timers(String tenant, Instant now, int limit) {
    return inside(
        tenant,
        tables ->
            tables.timers.entrySet().stream()
                .filter(timer -> !timer.getValue().isAfter(now))
                .map(
                    timer ->
                        new StoredTimer(
                            timer.getKey().requirement(), timer.getKey().kind(), timer.getValue()))
                .sorted(
                    Comparator.comparing(StoredTimer::due)
                        .thenComparing(timer -> timer.requirement().value())
                        .thenComparing(StoredTimer::kind))
                .limit(limit)
                .toList());
  }

  @Override
  public List<StoredNotice> outbox(String tenant, String destination, int limit) {
    return inside(
        tenant,
        tables ->
            tables.outbox.values().stream()
                .filter(notice -> notice.destination().equals(destination))
                .limit(limit)
                .map(InMemoryTables.Notice::notice)
                .toList());
  }

  @Override
  public List<SealedAuditRecord> audit(String tenant, long afterPosition, int limit) {
    return inside(
        tenant,
        tables -> tables.audit.stream().skip(Math.max(0, afterPosition)).limit(limit).toList());
  }

  @Override
  public long auditHead(String tenant) {
    return inside(tenant, tables -> (long) tables.audit.size());
  }

  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public boolean create(String tenant, Account account) {
    return inside(tenant, tables -> tables.accounts.create(account));
  }

  @Override
  public Optional<Account> account(String tenant, String id) {
    return inside(tenant, tables -> tables.accounts.byId(id));
  }

  @Override
  public Optional<Account> accountNamed(String tenant, String name) {
    return inside(tenant, tables -> tables.accounts.byName(name));
  }

  @Override
  public List<Account> accounts(String tenant) {
    return inside(tenant, tables -> tables.accounts.all());
  }

  @Override
  public boolean update(String tenant, Account account) {
    return inside(tenant, tables -> tables.accounts.update(account));
  }

  @Override
  public void open(String tenant, LoginSession session) {
    inside(tenant, tables -> tables.accounts.open(session));
  }

  @Override
  public Optional<LoginSession> session(String tenant, String tokenHash, Instant now) {
    return inside(tenant, tables -> tables.accounts.session(tokenHash, now));
  }

  @Override
  public void end(String tenant, String account, String tokenHash) {
    inside(tenant, tables -> tables.accounts.end(account, tokenHash));
  }

  private <T> T inside(String tenant, Function<InMemoryTables, T> work) {
    lock.lock();
    try {
      if (closed) {
        throw new StoreException(
            "store-closed", "The in-memory store is closed; make a new one.", null);
      }
      return work.apply(tenants.computeIfAbsent(tenant, InMemoryTables::new));
    } finally {
      lock.unlock();
    }
  }
}
