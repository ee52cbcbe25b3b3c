package dev.assent.store.jdbc;

import dev.assent.core.AuditChain;
import dev.assent.core.AuditRecord;
import dev.assent.core.Digest;
import dev.assent.core.SealedAuditRecord;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Gives audit records their place: the run's own counter, the position and the chain hash.
 *
 * <p>{@link #prepare} may be called by any thread, the rest by the writer only. The ends of the
 * chains are kept in memory; what an item has moved is moved back when the item is.
 */
final class AuditSealer {
  private static final int COUNTERS_KEPT = 4_096;

  /**
   * A record before it is sealed.
   *
   * @param guessed the counter in {@code bytes}; seldom another one than it gets in the end
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Line(String tenant, AuditRecord record, long guessed, byte[] bytes)
      implements WriteItem.Step {}

  private record Run(String tenant, String run) {}

  private final SqlTexts texts;
  private final Map<String, AuditChain> heads = new HashMap<>();
  private final Map<Run, Long> counters =
      Collections.synchronizedMap(
          new LinkedHashMap<>(16, 0.75f, true) {
            private static final long serialVersionUID = 1L;

            @Override
            protected boolean removeEldestEntry(Map.Entry<Run, Long> eldest) {
              return size() > COUNTERS_KEPT;
            }
          });
  private final List<Runnable> undo = new ArrayList<>();

  AuditSealer(SqlTexts texts) {
    this.texts = texts;
  }

  /**
   * Writes the record out with the counter that it will probably get, so that the writer need not.
   *
   * @param earlier how many records of the same run stand before it in its transaction
   */
  Line prepare(String tenant, AuditRecord record, int earlier) {
    if (!record.tenant().equals(tenant)) {
      throw new IllegalArgumentException(
          "An audit record of the tenant " + record.tenant() + " cannot be written for " + tenant);
    }
    String run = record.run();
    if (run == null) {
      return new Line(tenant, record, 0, record.bytes());
    }
    long guess = counters.getOrDefault(new Run(tenant, run), 0L) + 1 + earlier;
    return new Line(tenant, record, guess, numbered(record, run, guess).bytes());
  }

  private static AuditRecord numbered(AuditRecord record, String run, long sequence) {
    return record.withRun(run, Objects.requireNonNullElse(record.root(), run), sequence);
  }

  /** The statement that writes the record at the end of its chain. */
  BoundStatement seal(Line line, HeldStatements statements) throws SQLException {
    String run = line.record().run();
    long sequence = run == null ? 0 : nextCounter(new Run(line.tenant(), run), statements);
    byte[] bytes =
        run == null || sequence == line.guessed()
            ? line.bytes()
            : numbered(line.record(), run, sequence).bytes();
    AuditChain before = head(line.tenant(), statements);
    SealedAuditRecord sealed = before.seal(bytes);
    heads.put(line.tenant(), before.after(sealed));
    undo.add(() -> heads.put(line.tenant(), before));
    Object[] parameters = {
      line.tenant(),
      sealed.position(),
      run,
      sequence,
      bytes,
      sealed.hash().bytes(),
      sealed.chain().bytes()
    };
    return new BoundStatement(texts.of(Sql.AUDIT), parameters, 1);
  }

  private long nextCounter(Run run, HeldStatements statements) throws SQLException {
    Long last = counters.get(run);
    if (last == null) {
      PreparedStatement statement = statements.of(texts.of(Sql.AUDIT_COUNTER));
      BoundStatement.bind(statement, run.tenant(), run.run());
      try (ResultSet found = statement.executeQuery()) {
        last = found.next() ? found.getLong(1) : 0L;
      }
    }
    counters.put(run, last + 1);
    undo.add(() -> counters.remove(run));
    return last + 1;
  }

  private AuditChain head(String tenant, HeldStatements statements) throws SQLException {
    AuditChain head = heads.get(tenant);
    if (head == null) {
      head = stored(tenant, statements);
      heads.put(tenant, head);
    }
    return head;
  }

  private AuditChain stored(String tenant, HeldStatements statements) throws SQLException {
    PreparedStatement statement = statements.of(texts.of(Sql.AUDIT_HEAD));
    BoundStatement.bind(statement, tenant);
    try (ResultSet found = statement.executeQuery()) {
      return found.next()
          ? new AuditChain(tenant, found.getLong(1), Digest.ofBytes(found.getBytes(2)))
          : AuditChain.start(tenant);
    }
  }

  /** The item stays in the transaction. */
  void keep() {
    undo.clear();
  }

  /** The item was taken back. */
  void takeBack() {
    undo.reversed().forEach(Runnable::run);
    undo.clear();
  }

  /** The whole transaction was lost: the stored ends count. */
  void forget() {
    undo.clear();
    heads.clear();
    counters.clear();
  }
}
