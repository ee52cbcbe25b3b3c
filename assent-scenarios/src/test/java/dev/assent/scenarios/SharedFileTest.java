package dev.assent.scenarios;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two systems in one database, each with a prefix of its own. */
@Timeout(120)
@Tag("C28")
class SharedFileTest {
  private static final Principal ADA = Principal.person("ada");
  private static final int RUNS = 20;
  @TempDir Path folder;

  static class Bank {
    final List<String> done = new CopyOnWriteArrayList<>();

    @RequiresApproval
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice) {
      done.add(invoice);
      return "paid";
    }
  }

  private Store open(String prefix) {
    return SqliteStore.at(folder.resolve("shared.db"), World.keyring()).tablePrefix(prefix).open();
  }

  private static Assent on(Store store, Bank bank) {
    return Assent.on(store)
        .operator(ADA)
        .register(
            Agent.named("bot")
                .model(
                    ScriptedModel.following(
                        request ->
                            request.messages().size() == 1
                                ? new dev.assent.core.Message.Assistant(
                                    "",
                                    List.of(
                                        call(
                                            "pay",
                                            "{\"invoice\":\""
                                                + request.messages().getFirst().text()
                                                + "\"}")))
                                : new dev.assent.core.Message.Assistant("done", List.of())))
                .tools(bank)
                .build())
        .start();
  }

  private static void pays(Assent assent, int invoice) {
    RunResult.Paused paused =
        (RunResult.Paused) assent.run(RunRequest.of("bot", Integer.toString(invoice)));
    assent.approve(paused.requirements().getFirst().id());
    assertThat(assent.resume(paused)).isInstanceOf(RunResult.Completed.class);
  }

  @Test
  void theyWorkAtTheSameTimeAndKnowNothingOfEachOther() throws Exception {
    Bank red = new Bank();
    Bank blue = new Bank();
    try (Store ofRed = open("red_");
        Store ofBlue = open("blue_");
        Assent first = on(ofRed, red);
        Assent second = on(ofBlue, blue);
        ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Callable<Void>> work = new ArrayList<>();
      for (int i = 0; i < RUNS; i++) {
        int invoice = i;
        for (Assent each : List.of(first, second)) {
          work.add(
              () -> {
                pays(each, invoice);
                return null;
              });
        }
      }
      for (Future<Void> each : threads.invokeAll(work)) {
        each.get();
      }

      assertThat(red.done).as("an effect key is a system's own").hasSize(RUNS);
      assertThat(blue.done).hasSize(RUNS);
      RunResult.Paused open = (RunResult.Paused) first.run(RunRequest.of("bot", "99"));
      Requirement asked = open.requirements().getFirst();
      assertThat(ofBlue.requirement("main", asked.id())).isEmpty();
      assertThat(ofBlue.run("main", open.run())).isEmpty();
      assertThat(second.cancel(open.run(), "ada")).isFalse();
      assertThat(first.resume(open.run())).isInstanceOf(RunResult.Paused.class);
    }

    try (Store again = open("red_");
        Assent first = on(again, red)) {
      assertThat(again.runs("main", null, null, 100, null)).hasSize(RUNS + 1);
    }
  }
}
