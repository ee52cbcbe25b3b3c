package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.RunStatus;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a run's beginning, and what only reads, is stored. */
@Timeout(30)
class BeginningTest {
  private final InMemoryStore store = new InMemoryStore();
  private final ScriptedModel model = new ScriptedModel();
  private final Tools tools = new Tools();
  private final Assent assent =
      Assent.on(store)
          .answeredFromOutside()
          .operator(Principal.person("ada"))
          .register(Agent.named("bot").model(model).tools(tools).build())
          .retry(new ModelRetry(3, Duration.ZERO))
          .start();

  static class Tools {
    volatile CountDownLatch reading = new CountDownLatch(0);
    final List<String> done = new ArrayList<>();

    @Tool("Books")
    synchronized String book(String what) {
      done.add(what);
      return "booked " + what;
    }

    @Tool(value = "Recalls", effect = Effect.READ_ONLY)
    String recall(ToolContext context) {
      return String.valueOf(context.variable("colour"));
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look(String what) throws InterruptedException {
      reading.await();
      return "seen " + what;
    }
  }

  @AfterEach
  void close() {
    assent.close();
  }

  private List<Store.StoredRun> stored() {
    return store.runs(assent.tenant(), null, null, 10, null);
  }

  /** Says this, and keeps what was stored when it was asked. */
  private void replies(List<Integer> storedVersions, String text, Message.Call... calls) {
    model.then(
        request -> {
          storedVersions.add(
              stored().stream().map(run -> (int) run.state().version()).findFirst().orElse(0));
          return new Model.Reply(new Message.Assistant(text, List.of(calls)), new TokenUse(1, 1));
        });
  }

  @Test
  @DisplayName("a run that nobody knows is stored with its first reply, and each later reply first")
  void storedWithTheFirstReply() {
    List<Integer> versions = new ArrayList<>();
    replies(versions, "", call("a", "look", "{\"what\":\"x\"}"));
    replies(versions, "", call("b", "look", "{\"what\":\"y\"}"));
    replies(versions, "Done.");

    RunResult result = assent.run("bot", "Look twice.");

    assertThat(result).isInstanceOf(RunResult.Completed.class);
    assertThat(versions.getFirst()).isZero();
    assertThat(versions.get(1)).isPositive();
    assertThat(versions.get(2)).isGreaterThan(versions.get(1));
    assertThat(model.requests.getLast().messages()).hasSize(5);
  }

  @Test
  @Tag("X35")
  @DisplayName("a run that is submitted is stored before its model is asked")
  void submittedFirst() {
    List<Integer> versions = new ArrayList<>();
    replies(versions, "Done.");
    replies(versions, "Done again.");

    assent.resume(assent.submit(RunRequest.of("bot", "Go.")));
    assent.run(RunRequest.of("bot", "Go.").inSession("known"));

    assertThat(versions).allMatch(version -> version > 0);
  }

  @Test
  @Tag("C17")
  @DisplayName("stopping an agent reaches a run whose beginning is not stored yet")
  void stopReachesIt() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch speak = new CountDownLatch(1);
    model.then(
        request -> {
          asked.countDown();
          try {
            speak.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          return new Model.Reply(
              new Message.Assistant("", List.of(call("a", "book", "{\"what\":\"x\"}"))),
              new TokenUse(1, 1));
        });
    CompletableFuture<RunResult> result =
        CompletableFuture.supplyAsync(() -> assent.run("bot", "Book."));
    asked.await();
    assertThat(stored()).isEmpty();

    int stopped = assent.stop("bot", "berta");
    speak.countDown();

    assertThat(stopped).isEqualTo(1);
    assertThat(result.get()).isInstanceOf(RunResult.Cancelled.class);
    assertThat(tools.done).isEmpty();
    assertThat(stored().getFirst().state().status()).isEqualTo(RunStatus.CANCELLED);
  }

  @Test
  @DisplayName("what reads slowly is waited for only after the reply that asked for it is stored")
  void slowReads() throws Exception {
    tools.reading = new CountDownLatch(1);
    model.calls(call("a", "look", "{\"what\":\"x\"}"));
    model.says("Done.");
    CountDownLatch saved = new CountDownLatch(1);
    AutoCloseable watch = assent.onChange(change -> saved.countDown());
    CompletableFuture<RunResult> result =
        CompletableFuture.supplyAsync(() -> assent.run("bot", "Look."));
    saved.await();

    assertThat(stored().getFirst().state().calls()).hasSize(1);
    tools.reading.countDown();

    assertThat(result.get()).isInstanceOf(RunResult.Completed.class);
    watch.close();
  }

  @Test
  @DisplayName("a tool that reads at once finds the variables that its run begins with")
  void variablesAreThere() {
    model.calls(call("a", "recall", "{}"));
    model.says("Done.");

    assent.run(
        RunRequest.of("bot", "Recall.")
            .withVariable("colour", new dev.assent.core.JsonString("red")));

    assertThat(model.requests.getLast().messages().getLast())
        .isInstanceOfSatisfying(
            Message.ToolResult.class, result -> assertThat(result.text()).contains("red"));
  }

  @Test
  @DisplayName("a rule that wants a record has it stored before what only reads begins")
  void recordedFirst() {
    List<Integer> versions = new ArrayList<>();
    try (Assent recorded =
        Assent.on(store)
            .answeredFromOutside()
            .operator(Principal.person("ada"))
            .register(Agent.named("bot").model(model).tools(new Peeking(versions)).build())
            .policy(question -> new PolicyOutcome.Audit("records"))
            .start()) {
      model.calls(call("a", "peek", "{}"));
      model.says("Done.");

      recorded.run("bot", "Peek.");
    }

    assertThat(versions).hasSize(1).allMatch(version -> version > 0);
  }

  /** Looks what is stored while it runs. */
  class Peeking {
    private final List<Integer> versions;

    Peeking(List<Integer> versions) {
      this.versions = versions;
    }

    @Tool(value = "Peeks", effect = Effect.READ_ONLY)
    String peek() {
      versions.add(stored().stream().map(run -> (int) run.state().version()).findFirst().orElse(0));
      return "seen";
    }
  }

  @Test
  @Tag("X35")
  @DisplayName("a run whose model is still asked when the process closes is stored and goes on")
  void closedWhileAsked() throws Exception {
    CountDownLatch asked = new CountDownLatch(1);
    model.then(
        request -> {
          asked.countDown();
          throw new ModelException("model-unavailable", "503", true, null, null);
        });
    for (int i = 0; i < 2; i++) {
      model.then(
          request -> {
            throw new ModelException("model-unavailable", "503", true, null, null);
          });
    }
    try (Assent closing =
        Assent.on(store)
            .answeredFromOutside()
            .operator(Principal.person("ada"))
            .register(Agent.named("slow").model(model).build())
            .retry(new ModelRetry(3, Duration.ofMinutes(10)))
            .start()) {
      CompletableFuture<RunResult> result =
          CompletableFuture.supplyAsync(() -> closing.run("slow", "Hello."));
      asked.await();
      closing.close();
      assertThat(result).failsWithin(Duration.ofSeconds(20));
    }

    assertThat(stored()).hasSize(1);
    assertThat(stored().getFirst().state().status()).isEqualTo(RunStatus.RUNNING);
    assertThat(stored().getFirst().leaseFree()).isTrue();
  }
}
