package dev.assent.benchmarks;

import dev.assent.store.jdbc.SqliteStore;
import dev.assent.store.jdbc.StatementTrace;
import dev.assent.store.jdbc.StatementTrace.Executed;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The statements of one real cycle as a template: the same SQL with the same bytes, under other
 * ids, built before the clock starts.
 */
final class BareCycle {
  private static final Pattern ID = Pattern.compile("[0-9a-z]{26}");
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final AtomicLong POSITIONS = new AtomicLong(1_000_000_000);

  private final List<List<Executed>> transactions;

  private BareCycle(List<List<Executed>> transactions) {
    this.transactions = transactions;
  }

  /** Records what one cycle of the real program writes, and nothing of earlier ones. */
  static BareCycle record(SqliteStore store, Runnable cycle) throws InterruptedException {
    List<List<Executed>> seen = new CopyOnWriteArrayList<>();
    StatementTrace trace = StatementTrace.of(store);
    trace.listen(seen::add);
    for (int before = -1; before != seen.size(); ) {
      before = seen.size();
      Thread.sleep(3_000);
    }
    seen.clear();
    cycle.run();
    // The acknowledgement of the end by the listener is written after the cycle has returned.
    Thread.sleep(3_000);
    trace.stop();
    return new BareCycle(seen.stream().filter(statements -> !statements.isEmpty()).toList());
  }

  /**
   * The same statements in so many transactions: what was committed before the last ones is
   * committed with the first of them.
   */
  BareCycle in(int count) {
    int early = transactions.size() - count;
    if (early < 0) {
      throw new IllegalStateException(describe() + ", which is fewer than " + count);
    }
    List<List<Executed>> merged = new ArrayList<>();
    merged.add(transactions.subList(0, early + 1).stream().flatMap(List::stream).toList());
    merged.addAll(transactions.subList(early + 1, transactions.size()));
    return new BareCycle(merged);
  }

  String describe() {
    return "bare cycle: "
        + transactions.size()
        + " transactions of "
        + transactions.stream().map(t -> Integer.toString(t.size())).toList()
        + " statements";
  }

  /** So many cycles, ready to be executed. */
  Supply build(StatementTrace on, int count) {
    // A list of a few thousand cycles is built, then built again when it is used up.
    List<List<List<Executed>>> cycles = new ArrayList<>();
    SecureRandom random = new SecureRandom();
    for (int i = 0; i < Math.min(count, 20_000); i++) {
      cycles.add(fresh(random));
    }
    return new Supply(on, cycles);
  }

  /** Cycles to execute, each once. Thread-safe. */
  record Supply(StatementTrace on, List<List<List<Executed>>> cycles, AtomicInteger used) {
    Supply(StatementTrace on, List<List<List<Executed>>> cycles) {
      this(on, cycles, new AtomicInteger());
    }

    void next() {
      take().forEach(Runnable::run);
    }

    /** The transactions of the next cycle, for who has something to do in between. */
    List<Runnable> take() {
      int mine = used.getAndIncrement();
      if (mine >= cycles.size()) {
        throw new IllegalStateException("too few cycles were built: " + cycles.size());
      }
      return cycles.get(mine).stream().map(each -> (Runnable) () -> on.execute(each)).toList();
    }
  }

  private List<List<Executed>> fresh(SecureRandom random) {
    Map<String, String> ids = new HashMap<>();
    byte[] effect = new byte[32];
    random.nextBytes(effect);
    List<List<Executed>> copy = new ArrayList<>();
    for (List<Executed> transaction : transactions) {
      List<Executed> statements = new ArrayList<>();
      for (Executed statement : transaction) {
        statements.add(fresh(statement, ids, effect, random));
      }
      copy.add(statements);
    }
    return copy;
  }

  private static Executed fresh(
      Executed statement, Map<String, String> ids, byte[] effect, SecureRandom random) {
    List<@Nullable Object> parameters = new ArrayList<>();
    boolean audit = statement.sql().startsWith("INSERT INTO assent_audit");
    boolean ofEffect = statement.sql().contains("assent_effect");
    for (int i = 0; i < statement.parameters().size(); i++) {
      Object parameter = statement.parameters().get(i);
      if (audit && i == 1) {
        parameters.add(POSITIONS.incrementAndGet());
      } else if (ofEffect && parameter instanceof byte[] key && key.length == 32) {
        parameters.add(effect);
      } else if (ofEffect && parameter instanceof String key && key.length() == 64) {
        parameters.add(HexFormat.of().formatHex(effect));
      } else if (parameter instanceof String text) {
        parameters.add(renamed(text, ids, random));
      } else {
        parameters.add(parameter);
      }
    }
    return new Executed(statement.sql(), parameters);
  }

  private static String renamed(String text, Map<String, String> ids, SecureRandom random) {
    Matcher found = ID.matcher(text);
    return found.replaceAll(match -> ids.computeIfAbsent(match.group(), id -> id(random)));
  }

  private static String id(SecureRandom random) {
    char[] id = new char[26];
    // As ours do: the first ten sort by time, so that indexes grow at their end.
    String time =
        String.format("%10s", Long.toString(System.currentTimeMillis(), 32)).replace(' ', '0');
    time.getChars(0, 10, id, 0);
    for (int i = 10; i < id.length; i++) {
      id[i] = ALPHABET[random.nextInt(ALPHABET.length)];
    }
    return new String(id);
  }
}
