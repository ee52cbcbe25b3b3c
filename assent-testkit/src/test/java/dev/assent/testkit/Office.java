package dev.assent.testkit;

import dev.assent.core.Effect;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.ModelRetry;
import dev.assent.runtime.RunResult;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;

/** An agent with a scripted model on a store that stands, as a user of the kit would have it. */
final class Office implements AutoCloseable {
  final VirtualClock clock = VirtualClock.standing();
  final InMemoryStore store = new InMemoryStore(clock);
  final ScriptedPerson ann = ScriptedPerson.person("ann");
  final List<String> ledger = new CopyOnWriteArrayList<>();
  final ScriptedModel model;
  final Assent assent;
  volatile boolean breaks;

  Office(ScriptedModel model) {
    this(model, builder -> builder);
  }

  Office(ScriptedModel model, UnaryOperator<Assent.Builder> more) {
    this.model = model;
    this.assent =
        more.apply(
                Assent.on(store)
                    .answeredFromOutside()
                    .operator(ann.principal())
                    .retry(new ModelRetry(2, Duration.ZERO))
                    .pollEvery(Duration.ofHours(1))
                    .register(Agent.named("bot").model(model).tools(new Tools()).build()))
            .start();
  }

  final class Tools {
    @RequiresApproval(expiresAfter = "PT1H")
    @Tool("Pays an invoice")
    String pay(String invoice, long amount) {
      ledger.add("pay " + invoice + " " + amount);
      if (breaks) {
        throw new IllegalStateException("connection reset");
      }
      return "paid " + invoice;
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look(String what) {
      return "seen " + what;
    }
  }

  RunResult run() {
    return assent.run("bot", "Go.");
  }

  @Override
  public void close() {
    assent.close();
    store.close();
  }
}
