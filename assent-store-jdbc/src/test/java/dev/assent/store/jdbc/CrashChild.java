package dev.assent.store.jdbc;

import dev.assent.core.AssentException;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import java.nio.file.Path;
import java.util.List;

/** Commits on several threads until it is killed, and says each id once it is acknowledged. */
final class CrashChild {
  private CrashChild() {}

  public static void main(String[] args) throws Exception {
    try {
      SqliteStore store = SqliteStore.open(Path.of(args[0]), Samples.KEYS);
      String round = args.length > 1 ? args[1] : "x";
      for (int thread = 0; thread < 6; thread++) {
        String name = round + "-" + thread;
        Thread.ofPlatform().start(() -> write(store, name));
      }
      Thread.sleep(60_000);
    } catch (AssentException e) {
      System.out.println("refused " + e.code());
    }
  }

  private static void write(SqliteStore store, String name) {
    for (int i = 0; ; i++) {
      String id = name + "-" + i;
      List<Write> writes =
          List.of(
              Samples.newRun(id, null),
              Samples.body("session-" + id, "body-" + id, "secret words of " + id),
              Samples.audit(id));
      if (!(store.commit(Samples.TENANT, writes) instanceof Committed.Done)) {
        throw new IllegalStateException(id);
      }
      System.out.println("acknowledged " + id);
    }
  }
}
