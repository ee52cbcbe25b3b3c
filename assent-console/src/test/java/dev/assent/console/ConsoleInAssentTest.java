package dev.assent.console;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Grant;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.Param;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunResult;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The responder inside an Assent: a model that asks for three calls at once. */
class ConsoleInAssentTest {
  private final TestingTty tty = new TestingTty();
  private final Queue<Long> paid = new ConcurrentLinkedQueue<>();

  @Tag("X50")
  @Tag("B18")
  @Tag("D4")
  @Test
  void whatRunsIsWhatWasApprovedAndNothingElse() throws Exception {
    Principal operator = Principal.person("berta");
    ConsoleResponder responder =
        new ConsoleResponder(tty, tty, new Seat(operator, Profile.SOLO), () -> 1);
    tty.press("\r").press("y").press("pay\r").press("\r").press("r").press("too much\r");
    tty.press("y").press("pay\r");

    CompletableFuture<RunResult> end = new CompletableFuture<>();
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(operator)
            .register(Agent.named("bot").model(new ThreeCalls()).tools(this).build())
            .responder(responder)
            .listener("test", end::complete)
            .start()) {
      assent.run("bot", "pay");
      RunResult result = end.get(20, TimeUnit.SECONDS);

      assertThat(result).isInstanceOf(RunResult.Completed.class);
      assertThat(paid).containsExactly(1L, 3L);
      assertThat(((RunResult.Completed) result).output()).contains("too much");
    }
  }

  /** What does not fit is said, and asked for again with the edit as it was. */
  @Tag("C6")
  @Test
  void anEditThatDoesNotFitIsAskedForAgain() throws Exception {
    Principal operator = Principal.person("berta");
    ConsoleResponder responder =
        new ConsoleResponder(tty, tty, new Seat(operator, Profile.SOLO), () -> 1);
    AtomicInteger edits = new AtomicInteger();
    tty.editor =
        (file, text) ->
            switch (edits.getAndIncrement()) {
              case 0 -> text.replace("1", "\"much\"");
              case 1 -> text.replace("\"much\"", "9007199254740993");
              default -> text;
            };
    tty.press("e").press("pay\r").press("y").press("e").press("pay\r").press("y");
    tty.press("n").press("n");

    CompletableFuture<RunResult> end = new CompletableFuture<>();
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(operator)
            .register(Agent.named("bot").model(new ThreeCalls()).tools(this).build())
            .responder(responder)
            .listener("test", end::complete)
            .start()) {
      assent.run("bot", "pay");

      assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(RunResult.Completed.class);
      assertThat(paid).containsExactly(9007199254740993L);
      assertThat(tty.screen()).contains("Your answer did not count", "/amount");
      assertThat(edits).hasValue(2);
    }
  }

  /** What it would allow is shown, and only a yes to that gives it. */
  @Tag("X13")
  @Test
  void whatIsAllowedForLongerIsShownFirst() throws Exception {
    Principal operator = Principal.person("berta");
    ConsoleResponder responder =
        new ConsoleResponder(tty, tty, new Seat(operator, Profile.SOLO), () -> 1);
    // Back at the first card, then up to 2 of them.
    tty.press("a").press("r").press("e").press("\r").press("\r").press("n");
    tty.press("a").press("a").press("l").press("<=2\r").press("1\r").press("1\r").press("y");
    tty.press("n").press("n");

    CompletableFuture<RunResult> end = new CompletableFuture<>();
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(operator)
            .register(Agent.named("bot").model(new ThreeCalls()).tools(new Careless()).build())
            .responder(responder)
            .listener("test", end::complete)
            .start()) {
      assent.run("bot", "pay");
      end.get(20, TimeUnit.SECONDS);
      Grant given = assent.grants(new Store.GrantQuery(null, null, 9, null)).getFirst().grant();

      assertThat(tty.screen())
          .contains("This would be allowed: Besides this call, bot may call pay")
          .contains("amount is a number of at most 2")
          .contains("Your answer: yes, and calls like it.");
      assertThat(given).isNotNull();
      assertThat(given.scope().uses()).isEqualTo(1);
      assertThat(paid).contains(1L);
    }
  }

  /** Somebody decides elsewhere while the card is on the screen. */
  @Tag("X42")
  @Test
  void aCardThatIsDecidedElsewhereSaysByWhomAndALateKeyDecidesNothing() throws Exception {
    Principal operator = Principal.person("berta");
    Principal other = Principal.person("carl");
    Principal requester = Principal.person("ada");
    ConsoleResponder responder =
        new ConsoleResponder(tty, tty, new Seat(operator, Profile.SEPARATED), () -> 1);
    InMemoryStore store = new InMemoryStore();
    CompletableFuture<RunResult> end = new CompletableFuture<>();
    CompletableFuture<Assent> running = new CompletableFuture<>();
    tty.key(
            TestingTty.PAUSE,
            () -> {
              store
                  .requirements("main", Store.RequirementQuery.pending(9))
                  .items()
                  .forEach(each -> running.join().reject(other, each.id(), "not now"));
              return (int) 'y';
            })
        .press("y");

    try (Assent assent =
        Assent.on(store)
            .answeredFromOutside()
            .operator(requester)
            .profile(Profile.SEPARATED)
            .directory(
                id ->
                    Stream.of(requester, operator, other)
                        .filter(p -> p.id().equals(id))
                        .findFirst())
            .register(Agent.named("bot").model(new ThreeCalls()).tools(new Careless()).build())
            .responder(operator, responder)
            .listener("test", end::complete)
            .start()) {
      running.complete(assent);
      assent.run("bot", "pay");

      assertThat(end.get(20, TimeUnit.SECONDS)).isInstanceOf(RunResult.Completed.class);
    }
    assertThat(paid).isEmpty();
    assertThat(tty.screen())
        .containsPattern(
            "Answered elsewhere or closed: \\S+\\. It was rejected by carl, 20\\S+\\s+Nothing was")
        .doesNotContain("Your answer:");
  }

  final class Careless {
    @Tool("Pays")
    @RequiresApproval
    String pay(@Param(name = "amount") long amount) {
      paid.add(amount);
      return "paid " + amount;
    }
  }

  @Tool("Pays")
  @RequiresApproval(risk = Risk.HIGH)
  String pay(@Param(name = "amount") long amount) {
    paid.add(amount);
    return "paid " + amount;
  }

  private static final class ThreeCalls implements Model {
    @Override
    public String name() {
      return "three calls";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      List<String> results =
          request.messages().stream()
              .filter(Message.ToolResult.class::isInstance)
              .map(Message::text)
              .toList();
      return new Reply(
          results.isEmpty()
              ? new Message.Assistant("", List.of(pay("1"), pay("2"), pay("3")))
              : new Message.Assistant(String.join(", ", results), List.of()),
          TokenUse.NONE);
    }

    private static Message.Call pay(String amount) {
      return new Message.Call(
          amount,
          "pay",
          JsonObject.empty().with("amount", dev.assent.core.Json.parse(amount)) + "");
    }
  }
}
