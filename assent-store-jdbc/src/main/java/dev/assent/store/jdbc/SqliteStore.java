package dev.assent.store.jdbc;

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
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The embedded store: one SQLite file, one process. Thread-safe.
 *
 * <p>A commit is on the disk when {@link #commit} returns; commits of many callers share one flush.
 * Bodies are encrypted under a key of their session, which is wrapped by the master key outside the
 * file. A second process, and a second store in this process, is refused.
 */
public final class SqliteStore implements Store, AccountStore {
  /** What the names of all tables begin with, unless said otherwise. */
  static final String TABLE_PREFIX = "assent_";

  private final StoreLock lock;
  private final InstantSource clock;
  private final Keyring keyring;
  private final SqliteFile database;
  private final SqliteStatements statements;
  private final SessionKeys sessionKeys;
  private final AuditSealer sealer;
  private final SqliteBatch batches;
  private final RecentRuns recent;
  private final SqliteWriter writer;
  private final ReadPool pool;
  private final SqliteReads reads;
  private final RequirementLists lists;
  private final GrantRows grants;
  private final MandateRows mandates;
  private final SqliteAccounts accounts;

  private SqliteStore(Builder builder, Path file, StoreLock lock) throws SQLException {
    this.lock = lock;
    this.clock = builder.clock;
    this.keyring = builder.keys;
    SqlTexts texts = new SqlTexts(builder.tablePrefix);
    SqliteErrors errors = new SqliteErrors(file);
    this.database = new SqliteFile(file, texts, errors);
    long epoch = database.prepare(keyring);
    RowCodes codes = new RowCodes(keyring);
    this.statements = new SqliteStatements(texts, codes, epoch);
    this.sealer = new AuditSealer(texts);
    this.recent = new RecentRuns(builder.remembered);
    this.batches =
        new SqliteBatch(
            new HeldStatements(database.writing()), texts, sealer, errors, recent::forgetAll);
    this.writer = new SqliteWriter(batches, file.toString());
    List<HeldStatements> connections = new ArrayList<>();
    for (int i = 0; i < builder.readers; i++) {
      connections.add(new HeldStatements(database.reading()));
    }
    this.pool = new ReadPool(connections, errors, file.toString());
    String wrappedKey =
        texts.named("SELECT wrapped FROM {session_key} WHERE tenant = ? AND session = ?");
    this.sessionKeys =
        new SessionKeys(
            keyring,
            (tenant, session) -> pool.first(wrappedKey, row -> row.getBytes(1), tenant, session));
    this.reads = new SqliteReads(pool, texts, sessionKeys, codes, epoch);
    this.lists = new RequirementLists(pool, texts, codes);
    this.grants = new GrantRows(pool, texts, sessionKeys, codes);
    this.mandates = new MandateRows(pool, texts, codes);
    this.accounts = new SqliteAccounts(writer, pool, texts, keyring);
    writer.start();
  }

  /**
   * Opens the store in this file, or makes it; its folder must exist.
   *
   * @param keys of the master key that the store was made with
   * @throws dev.assent.core.spi.StoreException when it is held, foreign, newer or broken
   * @throws dev.assent.core.WrongMasterKeyException when it was made with another key
   */
  public static SqliteStore open(Path file, Keyring keys) {
    return at(file, keys).open();
  }

  /** As {@link #open(Path, Keyring)}, with options. */
  public static Builder at(Path file, Keyring keys) {
    return new Builder(file, keys);
  }

  /** How to open a store. Not thread-safe. */
  public static final class Builder {
    private final Path file;
    private final Keyring keys;
    private String tablePrefix = TABLE_PREFIX;
    private InstantSource clock = Clock.systemUTC();
    private int readers = 4;
    private int remembered = RecentRuns.RUNS;

    private Builder(Path file, Keyring keys) {
      this.file = file;
      this.keys = keys;
    }

    /**
     * What the names of all tables begin with; {@code assent_} unless said otherwise. Stores with
     * different prefixes may share a file, also at the same time; each is a system of its own.
     */
    public Builder tablePrefix(String prefix) {
      tablePrefix = prefix;
      return this;
    }

    /** The clock by which deadlines are judged, read in whole milliseconds. */
    public Builder clock(InstantSource source) {
      clock = source;
      return this;
    }

    /** How many reads can go on at once, at least 1; 4 unless said otherwise. */
    public Builder readers(int count) {
      if (count < 1) {
        throw new IllegalArgumentException("a store needs at least 1 reader, not " + count);
      }
      readers = count;
      return this;
    }

    /**
     * How many of the runs that began last are remembered, 256 unless said otherwise: what was just
     * written of them is not read again. With 0 everything is read from the file.
     */
    public Builder remembering(int runs) {
      if (runs < 0) {
        throw new IllegalArgumentException("a store cannot remember " + runs + " runs");
      }
      remembered = runs;
      return this;
    }

    /** Opens the store, see {@link SqliteStore#open(Path, Keyring)}. */
    public SqliteStore open() {
      Path real = SqliteFile.real(file);
      StoreLock lock = StoreLock.take(real, tablePrefix);
      boolean opened = false;
      try {
        SqliteStore store = new SqliteStore(this, real, lock);
        opened = true;
        return store;
      } catch (SQLException e) {
        throw new SqliteErrors(real).translate(e);
      } finally {
        if (!opened) {
          lock.close();
        }
      }
    }
  }

  private void durable(String tenant, List<Write> writes, Runnable told) {
    recent.durable(tenant, writes);
    for (Write write : writes) {
      if (write instanceof Write.NextMandate next) {
        mandates.written(tenant, next.mandate());
      }
    }
    told.run();
  }

  @Override
  public Committed commit(String tenant, List<Write> writes) {
    return commit(tenant, writes, () -> {});
  }

  @Override
  public Committed commit(String tenant, List<Write> writes, Runnable told) {
    SqliteTransaction transaction =
        new SqliteTransaction(tenant, now(), statements, sessionKeys, sealer);
    boolean durable = false;
    try {
      Write busy = transaction.prepare(writes);
      if (busy != null) {
        return new Committed.Conflict(busy);
      }
      List<Write> all = List.copyOf(writes);
      Runnable done =
          () -> {
            // Who is told may erase at once: nobody writes with its key any more.
            transaction.end(true);
            told.run();
          };
      int conflict =
          writer.write(new WriteItem(transaction.steps(), () -> durable(tenant, all, done)));
      durable = conflict == WriteItem.DONE;
      return durable ? new Committed.Done() : new Committed.Conflict(transaction.origin(conflict));
    } finally {
      if (!durable) {
        recent.doubtful(tenant, writes);
      }
      transaction.end(durable);
    }
  }

  /** For {@link StatementTrace}. */
  SqliteBatch batches() {
    return batches;
  }

  /** For {@link StatementTrace}. */
  ReadPool reads() {
    return pool;
  }

  /** For {@link StatementTrace}. */
  SqliteWriter writer() {
    return writer;
  }

  @Override
  public Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MILLIS);
  }

  @Override
  public boolean durable() {
    return true;
  }

  @Override
  public Keyring keys() {
    return keyring;
  }

  @Override
  public Optional<StoredRun> run(String tenant, RunId run) {
    return recent.run(tenant, run, now()).or(() -> reads.run(tenant, run, now()));
  }

  @Override
  public Optional<StoredRun> runOf(String tenant, String agent, String idempotencyKey) {
    return reads.runOf(tenant, agent, idempotencyKey, now());
  }

  @Override
  public List<StoredRun> runs(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after) {
    return reads.runs(tenant, status, agent, limit, after, now());
  }

  @Override
  public List<RunId> runIds(
      String tenant,
      @Nullable RunStatus status,
      @Nullable String agent,
      int limit,
      @Nullable RunId after) {
    return reads.runIds(tenant, status, agent, limit, after);
  }

  @Override
  public List<RunId> due(String tenant, Collection<String> agents, Instant now, int limit) {
    return reads.ready(tenant, true, agents, now, limit);
  }

  @Override
  public List<RunId> unserved(String tenant, Collection<String> agents, Instant now, int limit) {
    return reads.ready(tenant, false, agents, now, limit);
  }

  @Override
  public List<JournalEntry> journal(String tenant, RunId run, long afterVersion, int limit) {
    return reads.journal(tenant, run, afterVersion, limit);
  }

  @Override
  public List<StoredMessage> messages(String tenant, String session) {
    return reads.messages(tenant, session);
  }

  @Override
  public Optional<Body> body(String tenant, BodyId body) {
    return Optional.ofNullable(bodies(tenant, List.of(body)).get(body));
  }

  @Override
  public Map<BodyId, Body> bodies(String tenant, Collection<BodyId> bodies) {
    Map<BodyId, Body> known = recent.bodies(tenant, bodies);
    List<BodyId> others = bodies.stream().filter(id -> !known.containsKey(id)).toList();
    if (others.isEmpty()) {
      return known;
    }
    Map<BodyId, Body> all = new LinkedHashMap<>(known);
    all.putAll(reads.bodies(tenant, others));
    return all;
  }

  @Override
  public Optional<Requirement> requirement(String tenant, RequirementId requirement) {
    return recent.requirement(tenant, requirement).or(() -> reads.requirement(tenant, requirement));
  }

  @Override
  public List<Requirement> requirementsOf(String tenant, RunId run) {
    return recent.requirementsOf(tenant, run).orElseGet(() -> reads.requirementsOf(tenant, run));
  }

  @Override
  public List<Requirement> pendingUnder(String tenant, RunId root) {
    return reads.pendingUnder(tenant, root);
  }

  @Override
  public Page<Requirement> requirements(String tenant, RequirementQuery query) {
    return lists.page(tenant, query);
  }

  @Override
  public List<SignedDecision> decisions(String tenant, RequirementId requirement) {
    return recent
        .decisions(tenant, requirement)
        .orElseGet(() -> reads.decisions(tenant, requirement));
  }

  @Override
  public List<Sight> sights(String tenant, RequirementId requirement) {
    return reads.sights(tenant, requirement);
  }

  @Override
  public List<LegalHold> holds(String tenant) {
    return reads.holds(tenant);
  }

  @Override
  public List<Erasure> erasures(String tenant, String session) {
    return reads.erasures(tenant, session);
  }

  @Override
  public List<String> erasable(
      String tenant, Instant before, @Nullable String requester, String after, int limit) {
    return reads.erasable(tenant, before, requester, after, limit);
  }

  @Override
  public void sweep() {
    database.sweep();
  }

  @Override
  public List<String> sessionsOf(String tenant, String requester, String after, int limit) {
    return reads.sessionsOf(tenant, requester, after, limit);
  }

  @Override
  public Optional<Grant> grant(String tenant, GrantId grant) {
    return grants.grant(tenant, grant);
  }

  @Override
  public List<StoredGrant> grants(String tenant, GrantQuery query) {
    if (recent.withoutGrants(tenant)) {
      return List.of();
    }
    long before = recent.grantsWritten();
    List<StoredGrant> found = grants.grants(tenant, query);
    if (found.isEmpty() && !grants.any(tenant)) {
      recent.noGrants(tenant, before);
    }
    return found;
  }

  @Override
  public Optional<Mandate> mandate(String tenant, MandateId mandate) {
    return mandates.mandate(tenant, mandate);
  }

  @Override
  public List<StoredMandate> mandates(String tenant, MandateQuery query) {
    if (recent.withoutMandates(tenant)) {
      return List.of();
    }
    long before = recent.mandatesWritten();
    List<StoredMandate> found = mandates.mandates(tenant, query);
    if (found.isEmpty() && !mandates.any(tenant)) {
      recent.noMandates(tenant, before);
    }
    return found;
  }

  @Override
  public Optional<StoredEffect> effect(String tenant, Digest key) {
    return reads.effect(tenant, key);
  }

  @Override
  public List<StoredTimer> timers(String tenant, Instant now, int limit) {
    return reads.timers(tenant, now, limit);
  }

  @Override
  public List<StoredNotice> outbox(String tenant, String destination, int limit) {
    return reads.outbox(tenant, destination, limit);
  }

  @Override
  public List<SealedAuditRecord> audit(String tenant, long afterPosition, int limit) {
    return reads.audit(tenant, afterPosition, limit);
  }

  @Override
  public long auditHead(String tenant) {
    return reads.auditHead(tenant);
  }

  @Override
  public boolean create(String tenant, Account account) {
    return accounts.create(tenant, account);
  }

  @Override
  public Optional<Account> account(String tenant, String id) {
    return accounts.account(tenant, id);
  }

  @Override
  public Optional<Account> accountNamed(String tenant, String name) {
    return accounts.accountNamed(tenant, name);
  }

  @Override
  public List<Account> accounts(String tenant) {
    return accounts.accounts(tenant);
  }

  @Override
  public boolean update(String tenant, Account account) {
    return accounts.update(tenant, account);
  }

  @Override
  public void open(String tenant, LoginSession session) {
    accounts.open(tenant, session);
  }

  @Override
  public Optional<LoginSession> session(String tenant, String tokenHash, Instant now) {
    return accounts.session(tenant, tokenHash, now);
  }

  @Override
  public void end(String tenant, String account, String tokenHash) {
    accounts.end(tenant, account, tokenHash);
  }

  /** Writes what waits, ends the reads under way, and frees file, threads and lock. */
  @Override
  public void close() {
    pool.close();
    writer.close();
    lock.close();
  }
}
