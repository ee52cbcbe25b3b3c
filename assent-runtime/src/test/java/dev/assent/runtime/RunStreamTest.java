package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("C7")
@Tag("C22")
@Timeout(30)
class RunStreamTest {
  private static final Duration NOW = Duration.ZERO;
  private static final Duration LONG = Duration.ofSeconds(20);
  private static final String PAYMENT = "{\"invoice\":\"17\"}";

  private final InMemoryStore store = new InMemoryStore();
  private final ScriptedModel model = new ScriptedModel();
  private final Tools tools = new Tools();
  private final Assent assent =
      Assent.on(store)
          .answeredFromOutside()
          .operator(Principal.person("ada"))
          .register(Agent.named("bot").instructions("You pay.").model(model).tools(tools).build())
          .retry(new ModelRetry(3, Duration.ZERO))
          .pollEvery(Duration.ofMillis(20))
          .start();

  static class Tools {
    volatile RuntimeException failure;

    @RequiresApproval
    @Tool("Pays an invoice")
    String pay(String invoice) {
      if (failure != null) {
        throw failure;
      }
      return "paid " + invoice;
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look(String what) {
      return "seen " + what;
    }
  }

  @AfterEach
  void close() {
    assent.close();
  }

  private static Model.Reply said(String text, Message.Call... calls) {
    return new Model.Reply(new Message.Assistant(text, List.of(calls)), new TokenUse(10, 5));
  }

  private static RequirementId asked(RunResult paused) {
    return ((RunResult.Paused) paused).requirements().getFirst().id();
  }

  private List<RunUpdate> all(RunId run, UpdateId after) {
    List<RunUpdate> updates = new ArrayList<>();
    try (RunStream stream = assent.events(run, after, RunStream.Until.END)) {
      stream.forEach(updates::add);
    }
    return updates;
  }

  /** What is there now, without waiting. */
  private static List<RunUpdate> now(RunStream stream) {
    List<RunUpdate> updates = new ArrayList<>();
    stream.poll(NOW).ifPresent(updates::add);
    while (!updates.isEmpty()) {
      var next = stream.poll(NOW);
      if (next.isEmpty()) {
        break;
      }
      updates.add(next.get());
    }
    return updates;
  }

  private static List<String> kinds(List<RunUpdate> updates) {
    return updates.stream().map(update -> update.getClass().getSimpleName()).toList();
  }

  private static List<String> ids(List<RunUpdate> updates) {
    return updates.stream().map(update -> ((RunUpdate.Durable) update).id().toString()).toList();
  }

  private RunId paysWithApproval() {
    model.replies(said("I pay.", call("p1", "pay", PAYMENT)).message());
    model.says("All done.");
    RunResult paused = assent.run("bot", "Pay 17");
    assent.approve(asked(paused));
    assent.resume(paused.run());
    return paused.run();
  }

  @Nested
  class WhatIsTold {
    @Test
    @Tag("C7")
    @DisplayName("a run with a pause, told in order with what each step was")
    void aWholeRunIsToldInOrder() {
      RunId run = paysWithApproval();

      List<RunUpdate> updates = all(run, UpdateId.START);

      assertThat(kinds(updates))
          .containsExactly(
              "Started",
              "Replied",
              "ToolCallProposed",
              "Asked",
              "Paused",
              "Continued",
              "ToolCallCleared",
              "ToolCallStarted",
              "ToolCallCompleted",
              "Replied",
              "Completed");
      assertThat(updates).allMatch(update -> update.agent().equals("bot"));
      assertThat(updates).allMatch(update -> update.run().equals(run));
      ToolCallId c1 = new ToolCallId("c1");
      RequirementId requirement = RequirementId.of(run, c1, RequirementKind.APPROVAL, 1);
      assertThat(((RunUpdate.Started) updates.get(0)).message()).isEqualTo("Pay 17");
      assertThat(((RunUpdate.Replied) updates.get(1)).text()).isEqualTo("I pay.");
      RunUpdate.ToolCallProposed proposed = (RunUpdate.ToolCallProposed) updates.get(2);
      assertThat(proposed.tool()).isEqualTo("pay");
      assertThat(proposed.arguments()).isEqualTo(PAYMENT);
      assertThat(((RunUpdate.Asked) updates.get(3)).requirement()).isEqualTo(requirement);
      assertThat(((RunUpdate.Paused) updates.get(4)).requirements())
          .containsExactly(new RunUpdate.Waiting(requirement, RequirementKind.APPROVAL, c1, "pay"));
      assertThat(((RunUpdate.ToolCallCleared) updates.get(6)).requirement()).isEqualTo(requirement);
      RunUpdate.ToolCallCompleted completed = (RunUpdate.ToolCallCompleted) updates.get(8);
      assertThat(completed.status()).isEqualTo(CallStatus.SUCCEEDED);
      assertThat(completed.result()).isEqualTo("paid 17");
      assertThat(completed.code()).isNull();
      assertThat(((RunUpdate.Completed) updates.get(10)).output()).isEqualTo("All done.");
    }

    @Test
    void eachOfSeveralCallsHasItsOwnArguments() {
      model.calls(
          call("same", "look", "{\"what\":\"sky\"}"),
          call("same", "look", "{\"what\":\"sea\"}"),
          call("3", "nothing", "{"));
      model.says("ok");

      List<RunUpdate> updates = all(assent.run("bot", "go").run(), UpdateId.START);

      assertThat(updates)
          .filteredOn(RunUpdate.ToolCallProposed.class::isInstance)
          .extracting(update -> ((RunUpdate.ToolCallProposed) update).arguments())
          .containsExactly("{\"what\":\"sky\"}", "{\"what\":\"sea\"}", "{");
      assertThat(updates)
          .filteredOn(RunUpdate.ToolCallCompleted.class::isInstance)
          .extracting(update -> ((RunUpdate.ToolCallCompleted) update).status())
          .containsExactlyInAnyOrder(
              CallStatus.SUCCEEDED, CallStatus.SUCCEEDED, CallStatus.REFUSED);
    }

    @Test
    void aPartialAnswerIsANewPauseThatNamesTheRest() {
      model.calls(call("p1", "pay", PAYMENT), call("p2", "pay", "{\"invoice\":\"18\"}"));
      RunResult paused = assent.run("bot", "Pay both");
      // The later one first: it may not run before the earlier one is answered.
      assent.approve(((RunResult.Paused) paused).requirements().getLast().id());
      assent.resume(paused.run());

      List<RunUpdate> updates;
      try (RunStream stream = assent.events(paused.run())) {
        updates = now(stream);
      }

      assertThat(kinds(updates)).endsWith("Paused", "ToolCallCleared", "Paused");
      assertThat(((RunUpdate.Paused) updates.getLast()).requirements())
          .extracting(RunUpdate.Waiting::call)
          .containsExactly(new ToolCallId("c1"));
    }

    @Test
    void aDoubtIsAskedAboutAndClearedByTheAnswer() {
      tools.failure = new IllegalStateException("connection reset");
      model.calls(call("p1", "pay", PAYMENT));
      model.says("done");
      RunResult first = assent.run("bot", "Pay 17");
      assent.approve(asked(first));
      var open = ((RunResult.Paused) assent.resume(first.run())).requirements().getFirst();
      tools.failure = null;
      assent.decide(
          open.id(),
          new dev.assent.core.DecisionRequest(
              open.version(),
              open.digest(),
              dev.assent.core.Verdict.DID_NOT_HAPPEN,
              null,
              null,
              "k"),
          Principal.person("ada"));
      assent.resume(first.run());

      List<RunUpdate> updates = all(first.run(), UpdateId.START);

      assertThat(updates)
          .filteredOn(RunUpdate.Asked.class::isInstance)
          .extracting(update -> ((RunUpdate.Asked) update).kind())
          .containsExactly(RequirementKind.APPROVAL, RequirementKind.RECONCILIATION);
      assertThat(updates)
          .filteredOn(RunUpdate.ToolCallStarted.class::isInstance)
          .extracting(update -> ((RunUpdate.ToolCallStarted) update).attempt())
          .containsExactly(1, 2);
      assertThat(updates)
          .filteredOn(RunUpdate.ToolCallCleared.class::isInstance)
          .extracting(update -> ((RunUpdate.ToolCallCleared) update).requirement())
          .contains(open.id());
    }

    @Test
    void cancelledAndFailedRunsEndWithThat() {
      model.calls(call("p1", "pay", PAYMENT));
      RunResult paused = assent.run("bot", "Pay 17");
      assent.cancel(paused.run(), "ada");
      RunResult failed = assent.run("bot", "Once more"); // the script has ended

      assertThat(kinds(all(paused.run(), UpdateId.START)))
          .endsWith("Paused", "CancelAsked", "ToolCallCompleted", "Cancelled");
      RunUpdate last = all(failed.run(), UpdateId.START).getLast();
      assertThat(((RunUpdate.Failed) last).code()).isEqualTo("model-failed");
      assertThat(((RunUpdate.Failed) last).message()).contains("the script has ended");
    }

    @Test
    void aGateIsToldAsACallWithoutAConversation() {
      GateResult waiting = assent.gate(GateRequest.of("bot", "pay", PAYMENT));
      assent.approve(((GateResult.Waiting) waiting).requirements().getFirst().id());
      assent.gateResult(waiting.run());

      List<RunUpdate> updates = all(waiting.run(), UpdateId.START);

      assertThat(((RunUpdate.Started) updates.getFirst()).message()).isNull();
      assertThat(((RunUpdate.ToolCallProposed) updates.get(1)).arguments()).isEqualTo(PAYMENT);
      assertThat(((RunUpdate.Completed) updates.getLast()).output()).isEqualTo("paid 17");
    }

    @Test
    void anUnknownRunCannotBeRead() {
      assertThatThrownBy(() -> assent.events(new RunId("nope")))
          .isInstanceOf(RuntimeFailure.class)
          .hasMessageContaining("nope");
    }
  }

  @Nested
  class Joining {
    @Test
    @Tag("C7")
    @DisplayName("joined after any update, a reader gets exactly the rest")
    void afterEachIdExactlyTheRestFollows() {
      RunId run = paysWithApproval();
      List<RunUpdate> whole = all(run, UpdateId.START);

      for (int i = 0; i < whole.size(); i++) {
        UpdateId id = ((RunUpdate.Durable) whole.get(i)).id();
        assertThat(UpdateId.parse(id.toString())).contains(id);
        assertThat(all(run, id)).as("after " + id).isEqualTo(whole.subList(i + 1, whole.size()));
      }
      assertThat(ids(whole)).doesNotHaveDuplicates();
    }

    @Test
    @Tag("C7")
    @DisplayName("a reader may stop at the pause and join again, or stay")
    void aReaderStopsAtThePauseOrStays() throws Exception {
      model.replies(said("I pay.", call("p1", "pay", PAYMENT)).message());
      model.says("All done.");
      RunHandle handle = assent.start(RunRequest.of("bot", "Pay 17"));
      CompletableFuture<List<RunUpdate>> stayed = new CompletableFuture<>();
      Thread.startVirtualThread(() -> stayed.complete(all(handle.run(), UpdateId.START)));

      List<RunUpdate> first = new ArrayList<>();
      try (RunStream stream = assent.events(handle.run(), UpdateId.START, RunStream.Until.PAUSE)) {
        stream.forEach(first::add);
        assertThat(stream.ended()).isTrue();
      }
      RunUpdate.Paused pause = (RunUpdate.Paused) first.getLast();
      assent.approve(pause.requirements().getFirst().requirement());
      List<RunUpdate> rest = all(handle.run(), pause.id());

      assertThat(kinds(rest)).startsWith("Continued").endsWith("Completed");
      first.addAll(rest);
      assertThat(first).isEqualTo(stayed.get());
    }

    @Test
    void aLongRunIsReadWhole() {
      int turns = 250;
      for (int turn = 0; turn < turns; turn++) {
        model.calls(call("1", "look", "{\"what\":\"" + turn + "\"}"));
      }
      model.says("seen enough");
      RunId run = assent.run("bot", "look around").run();

      try (RunStream stream = assent.events(run)) {
        assertThat(now(stream)).filteredOn(RunUpdate.Replied.class::isInstance).hasSize(turns + 1);
        assertThat(stream.ended()).isTrue();
      }
    }

    @Test
    void idsOfNoUseAreNone() {
      assertThat(UpdateId.parse("3")).isEmpty();
      assertThat(UpdateId.parse("-1.2")).isEmpty();
      assertThat(UpdateId.parse("9999999999999999999.1")).isEmpty();
      assertThat(UpdateId.parse("")).isEmpty();
    }
  }

  @Nested
  class Deltas {
    @Test
    void piecesComeBeforeTheWholeReplyAndHaveNoId() throws Exception {
      CountDownLatch heard = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            deltas.accept("Good ");
            deltas.accept("morn");
            await(heard);
            deltas.accept("ing");
            return said("Good morning");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "hello"));

      StringBuilder live = new StringBuilder();
      List<String> kinds = new ArrayList<>();
      try (RunStream stream = handle.events()) {
        for (RunUpdate update : stream) {
          kinds.add(update.getClass().getSimpleName());
          if (update instanceof RunUpdate.TextDelta delta) {
            assertThat(delta.offset()).isEqualTo(live.length());
            assertThat(delta.agent()).isEqualTo("bot");
            live.append(delta.text());
          }
          if (live.toString().equals("Good morn")) {
            heard.countDown();
          }
        }
      }

      assertThat("Good morning").startsWith(live.toString());
      assertThat(kinds.stream().distinct())
          .containsExactly("Started", "TextDelta", "Replied", "Completed");
      assertThat(kinds.lastIndexOf("TextDelta")).isLessThan(kinds.indexOf("Replied"));
    }

    @Test
    void whoJoinsInTheMiddleGetsWhatWasSaidSoFarAtOnce() {
      CountDownLatch spoken = new CountDownLatch(1);
      CountDownLatch heard = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            "Once upon a time".chars().forEach(c -> deltas.accept(Character.toString(c)));
            spoken.countDown();
            await(heard);
            return said("Once upon a time");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "tell"));
      await(spoken);

      try (RunStream stream = handle.events()) {
        stream.poll(LONG);
        assertThat(stream.poll(LONG))
            .contains(new RunUpdate.TextDelta(handle.run(), "bot", 0, "Once upon a time"));
      }
      heard.countDown();
    }

    @Test
    void aRetriedReplyBeginsTheTextAnew() {
      CountDownLatch heard = new CountDownLatch(1);
      CountDownLatch again = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            deltas.accept("It is thr");
            await(heard);
            throw new ModelException("model-unreachable", "the line broke", true, null, null);
          });
      model.speaks(
          (request, deltas) -> {
            deltas.accept("Three o'clock");
            await(again);
            return said("Three o'clock");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "time?"));

      StringBuilder live = new StringBuilder();
      try (RunStream stream = handle.events()) {
        for (RunUpdate update : stream) {
          if (update instanceof RunUpdate.TextDelta delta) {
            live.setLength(delta.offset());
            live.append(delta.text());
            heard.countDown();
          }
          if (live.toString().equals("Three o'clock")) {
            again.countDown();
          }
        }
      }

      assertThat(live).hasToString("Three o'clock");
      assertThat(all(handle.run(), UpdateId.START))
          .anyMatch(
              update ->
                  update instanceof RunUpdate.Replied reply
                      && reply.text().equals("Three o'clock"));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void whatEveryReaderHearsIsTheBeginningOfTheReplyThatFollows(long seed) throws Exception {
      Random random = new Random(seed);
      int turns = 1 + random.nextInt(20);
      for (int turn = 0; turn <= turns; turn++) {
        List<String> pieces = new ArrayList<>(List.of("Turn " + turn + ": "));
        random.ints(random.nextInt(200), 0, 1000).forEach(each -> pieces.add(each + " "));
        Message.Call[] calls =
            turn == turns
                ? new Message.Call[0]
                : new Message.Call[] {call("1", "look", "{\"what\":\"sky\"}")};
        model.speaks(
            (request, deltas) -> {
              pieces.forEach(deltas);
              return said(String.join("", pieces), calls);
            });
      }
      RunHandle handle = assent.start(RunRequest.of("bot", "go"));

      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        List<Future<Integer>> readers = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          readers.add(threads.submit(() -> repliesHeard(handle)));
        }
        for (Future<Integer> reader : readers) {
          assertThat(reader.get()).isEqualTo(turns + 1);
        }
      }
    }

    private int repliesHeard(RunHandle handle) {
      StringBuilder heard = new StringBuilder();
      int replies = 0;
      try (RunStream stream = handle.events()) {
        for (RunUpdate update : stream) {
          if (update instanceof RunUpdate.TextDelta delta) {
            assertThat(delta.offset()).isIn(0, heard.length());
            heard.replace(delta.offset(), heard.length(), delta.text());
          } else if (update instanceof RunUpdate.Replied reply) {
            assertThat(reply.text()).startsWith(heard);
            heard.setLength(0);
            replies++;
          } else {
            assertThat(heard).as("what was said before " + update).isEmpty();
          }
        }
      }
      return replies;
    }

    @Test
    void halfACharacterIsNeverShown() {
      LiveText text = new LiveText(1, () -> {});
      text.accept("a\ud83d");

      assertThat(text.after(LiveText.Place.START).text()).isEqualTo("a");
      LiveText.Place place = text.after(LiveText.Place.START).end();
      assertThat(text.after(place)).isNull();
      text.accept("\ude00b");
      assertThat(text.after(place).text()).isEqualTo("\ud83d\ude00b");
    }

    @Test
    void aTextWithoutEndIsNotKeptWithoutEnd() {
      LiveText text = new LiveText(1, () -> {});
      String piece = "x".repeat(1000);

      for (int i = 0; i < 1000; i++) {
        text.accept(piece);
      }

      assertThat(text.after(LiveText.Place.START).text()).hasSize(LiveText.LONGEST);
    }

    @Test
    void nothingIsKeptOnceTheReplyIsDurable() {
      model.speaks(
          (request, deltas) -> {
            deltas.accept("I look");
            return said("I look", call("1", "look", "{\"what\":\"sky\"}"));
          });
      model.says("blue");
      RunId run = assent.run("bot", "look").run();

      assertThat(kinds(all(run, UpdateId.START))).doesNotContain("TextDelta");
    }
  }

  @Nested
  class Readers {
    @Test
    @Tag("C7")
    @DisplayName("readers that do not read hold up nothing and lose nothing that is durable")
    void aReaderThatDoesNotReadHoldsNothing() {
      CountDownLatch opened = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            await(opened);
            for (int i = 0; i < 100_000; i++) {
              deltas.accept("word ");
            }
            return said("word", call("1", "look", "{\"what\":\"sky\"}"));
          });
      model.speaks(
          (request, deltas) -> {
            deltas.accept("done");
            return said("done");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "go"));
      List<RunStream> idle = new ArrayList<>();
      for (int i = 0; i < 50; i++) {
        idle.add(handle.events());
      }
      opened.countDown();

      assertThat(handle.result().join()).isInstanceOf(RunResult.Completed.class);
      List<RunUpdate> whole = all(handle.run(), UpdateId.START);
      for (RunStream late : idle) {
        List<RunUpdate> read = new ArrayList<>();
        late.forEach(read::add);
        assertThat(read).isEqualTo(whole);
      }
    }

    @Test
    void aReaderClosedInTheMiddleEndsAndTheRunGoesOn() throws Exception {
      CountDownLatch closed = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            deltas.accept("I am");
            await(closed);
            deltas.accept(" here");
            return said("I am here");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "hello"));
      RunStream stream = handle.events();
      CountDownLatch reading = new CountDownLatch(2); // the start and what is said
      CompletableFuture<List<RunUpdate>> read = new CompletableFuture<>();
      Thread.startVirtualThread(
          () -> {
            List<RunUpdate> updates = new ArrayList<>();
            for (RunUpdate update : stream) {
              updates.add(update);
              reading.countDown();
            }
            read.complete(updates);
          });
      reading.await();
      stream.close();

      assertThat(kinds(read.get())).containsExactly("Started", "TextDelta");
      closed.countDown();
      assertThat(handle.result().join()).isInstanceOf(RunResult.Completed.class);
      assertThat(stream.poll(LONG)).isEmpty();
    }

    @Test
    void whoWaitsIsToldThatTheAssentWasClosed() {
      model.calls(call("p1", "pay", PAYMENT));
      RunResult paused = assent.run("bot", "Pay 17");
      RunStream stream = assent.events(paused.run());
      now(stream);

      try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
        var waiting = threads.submit(() -> stream.poll(LONG));
        assent.close();
        assertThatThrownBy(waiting::get)
            .isInstanceOf(ExecutionException.class)
            .hasCauseInstanceOf(RuntimeFailure.class)
            .hasMessageContaining("closed");
      }
    }

    @Test
    void whatAnotherProcessDoesIsReadToo() {
      model.calls(call("p1", "pay", PAYMENT));
      model.says("done");
      RunResult paused = assent.run("bot", "Pay 17");
      try (Assent other =
              Assent.on(store).answeredFromOutside().operator(Principal.person("ada")).start();
          RunStream stream = other.events(paused.run())) {
        now(stream);

        assent.approve(asked(paused));

        assertThat(kinds(stream.poll(LONG).stream().toList())).containsExactly("Continued");
        List<RunUpdate> rest = new ArrayList<>();
        stream.forEach(rest::add);
        assertThat(kinds(rest)).endsWith("Completed");
      }
    }
  }

  @Nested
  class Handles {
    @Test
    @Tag("C22")
    @DisplayName("a handle has the run, a future and events; one to continue with as well")
    void runAndContinueGiveAHandle() {
      model.calls(call("p1", "pay", PAYMENT));
      model.says("All done.");
      RunHandle begun = assent.start(RunRequest.of("bot", "Pay 17"));
      RunResult paused = begun.result().join();
      assertThat(paused).isInstanceOf(RunResult.Paused.class);
      assertThat(begun.result()).isSameAs(begun.result());
      assent.approve(asked(paused));

      RunHandle continued = assent.handle(begun.run());

      assertThat(continued.result().join()).isInstanceOf(RunResult.Completed.class);
      try (RunStream stream = continued.events()) {
        assertThat(stream).last().isInstanceOf(RunUpdate.Completed.class);
      }
    }

    @Test
    void aCancelledFutureIsNoCancelledRun() {
      CountDownLatch cancelled = new CountDownLatch(1);
      model.speaks(
          (request, deltas) -> {
            await(cancelled);
            return said("still here");
          });
      RunHandle handle = assent.start(RunRequest.of("bot", "hello"));
      handle.result().cancel(true);
      cancelled.countDown();

      assertThat(assent.resume(handle.run())).isInstanceOf(RunResult.Completed.class);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
