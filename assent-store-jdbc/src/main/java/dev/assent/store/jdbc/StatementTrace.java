package dev.assent.store.jdbc;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Shows what a store executes, and executes the same for a program without a store's logic: so that
 * a benchmark can tell what the store costs beyond its statements. Nothing else should use it.
 *
 * <p>Thread-safe. One trace per store.
 */
public final class StatementTrace {
  private final SqliteStore store;
  private final AtomicLong bytesBound = new AtomicLong();

  private StatementTrace(SqliteStore store) {
    this.store = store;
  }

  /** The trace of this store; nothing is traced before {@link #listen}. */
  public static StatementTrace of(SqliteStore store) {
    return new StatementTrace(store);
  }

  /**
   * A statement as it was executed. Immutable.
   *
   * @param sql its text
   * @param parameters what was bound: texts, longs, integers, byte arrays, nulls
   */
  public record Executed(String sql, List<@Nullable Object> parameters) {}

  /**
   * From now on, tells the statements of each transaction once it is durable.
   *
   * @param listener called by the writer's thread; it must be quick and must not throw
   */
  public void listen(Consumer<List<Executed>> listener) {
    store
        .batches()
        .trace(
            statements -> {
              statements.forEach(statement -> bytesBound.addAndGet(statement.size()));
              listener.accept(statements.stream().map(StatementTrace::executed).toList());
            });
  }

  /**
   * From now on, tells the text of each read as it begins.
   *
   * @param listener called by whoever reads, many at once; it must be quick and must not throw
   */
  public void listenToReads(Consumer<String> listener) {
    store.reads().trace(listener);
  }

  /** Stops telling. */
  public void stop() {
    store.batches().trace(null);
    store.reads().trace(null);
  }

  /** How many bytes were bound by what was told; a number counts 8, a text its characters. */
  public long bytesBound() {
    return bytesBound.get();
  }

  /**
   * Executes these statements as one transaction of the same writer, with the same group commit,
   * and waits until it is durable.
   *
   * @throws dev.assent.core.spi.StoreException when a statement fails
   */
  public void execute(List<Executed> statements) {
    store
        .writer()
        .write(
            new WriteItem(
                statements.stream()
                    .map(
                        s ->
                            new BoundStatement(
                                s.sql(), s.parameters().toArray(), BoundStatement.ANY))
                    .toList()));
  }

  private static Executed executed(BoundStatement statement) {
    List<@Nullable Object> parameters = new ArrayList<>(statement.parameters().length);
    Collections.addAll(parameters, statement.parameters());
    return new Executed(statement.sql(), Collections.unmodifiableList(parameters));
  }
}
