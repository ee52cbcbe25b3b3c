package dev.assent.benchmarks;

import dev.assent.core.Keyring;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;

/** What the benchmarks share: a store in a folder of its own, an agent that pays. */
final class Bench {
  static final Duration POLL = Duration.ofSeconds(1);

  private Bench() {}

  /** The tool whose calls are measured. */
  static final class Payments {
    @RequiresApproval(summary = "Pay {amount} to {vendor}")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}")
    String pay(String invoice, long amount, String vendor, String memo) {
      return "paid " + invoice + ": " + amount + " to " + vendor + " for " + memo;
    }
  }

  static String arguments(String invoice) {
    return "{\"invoice\":\""
        + invoice
        + "\",\"amount\":12000,\"vendor\":\"Acme Corp\",\"memo\":\"Reimbursement\"}";
  }

  static Assent assent(Store store, Model model) {
    return Assent.on(store)
        .operator(Principal.person("ada"))
        .register(Agent.named("bot").model(model).tools(new Payments()).build())
        .listener("bench", ended -> {})
        .pollEvery(POLL)
        .start();
  }

  static SqliteStore open(Path folder) {
    byte[] key = new byte[32];
    new SecureRandom().nextBytes(key);
    return SqliteStore.open(folder.resolve("bench.db"), Keyring.of(key));
  }

  static Path folder() throws IOException {
    Path base = Path.of(System.getProperty("assent.bench.dir", "target"));
    Files.createDirectories(base);
    return Files.createTempDirectory(base, "bench-");
  }

  static void delete(Path folder) {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** A model that says what a function says. */
  static Model model(Function<Model.Request, Message.Assistant> says) {
    return new Model() {
      @Override
      public String name() {
        return "scripted";
      }

      @Override
      public Reply call(Request request, Consumer<String> deltas) {
        return new Reply(says.apply(request), TokenUse.NONE);
      }
    };
  }

  static Model silent() {
    return model(request -> new Message.Assistant("done", List.of()));
  }
}
