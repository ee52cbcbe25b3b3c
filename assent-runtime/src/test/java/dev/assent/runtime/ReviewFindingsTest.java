package dev.assent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Effect;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Policy;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a review found: each says what should hold. */
@Timeout(30)
class ReviewFindingsTest {
  /** How long to wait at most for what must come. */
  private static final Duration SOON = Duration.ofSeconds(20);

  private final AtomicReference<Instant> clock =
      new AtomicReference<>(Instant.parse("2026-01-01T00:00:00Z"));
  private final InMemoryStore store = new InMemoryStore(clock::get);
  private final List<String> done = new CopyOnWriteArrayList<>();

  /** Looks at each question to the store before it is asked. */
  interface Before {
    void look(String method, Object[] arguments);
  }

  private Store seen(Before before) {
    return (Store)
        Proxy.newProxyInstance(
            getClass().getClassLoader(),
            new Class<?>[] {Store.class},
            (proxy, method, arguments) -> {
              before.look(method.getName(), arguments);
              try {
                return method.invoke(store, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private Assent.Builder on(Store where, Object tools, Policy... policies) {
    Agent.Builder agent = Agent.named("bot").instructions("").tools(tools);
    for (Policy policy : policies) {
      agent.policy(policy);
    }
    return Assent.on(where)
        .answeredFromOutside()
        .operator(Principal.person("ada"))
        .register(agent.build())
        .pollEvery(Duration.ofHours(1));
  }

  private static void quietly(Runnable what) {
    try {
      what.run();
    } catch (RuntimeException e) {
      // what is left in the store counts
    }
  }

  private void later(Duration by) {
    clock.updateAndGet(now -> now.plus(by));
  }

  public class Mails {
    @Tool("Sends a mail")
    String mail(String to) {
      done.add(to);
      return "sent";
    }
  }

  private Requirement waiting(GateResult result) {
    return ((GateResult.Waiting) result).requirements().getFirst();
  }

  /** F: Decisions.expire drops the timer when it is looked at in the very millisecond. */
  @Test
  void aDeadlineThatIsLookedAtInItsOwnMillisecondStillExpires() {
    ApprovalTerms terms =
        new ApprovalTerms(
            "r",
            List.of(Threshold.anyone()),
            Risk.LOW,
            "",
            null,
            Duration.ofMinutes(1),
            null,
            ApprovalTerms.OnExpiry.REJECT);
    try (Assent assent =
        on(store, new Mails(), question -> new PolicyOutcome.Require(terms)).start()) {
      Requirement open = waiting(assent.gate(GateRequest.of("bot", "mail", "{\"to\":\"bob\"}")));
      later(Duration.ofMinutes(1));
      assent.poll();
      later(Duration.ofMinutes(5));
      assent.poll();
      assertThat(store.requirement("main", open.id()).orElseThrow().status())
          .isEqualTo(RequirementStatus.EXPIRED);
    }
  }

  public class Slow {
    final CountDownLatch entered = new CountDownLatch(1);
    final CountDownLatch go = new CountDownLatch(1);

    @Tool(value = "Books", effect = Effect.IDEMPOTENT)
    String book(String what) throws InterruptedException {
      entered.countDown();
      go.await();
      return "booked";
    }

    @Tool("Pays")
    String pay(String what) throws InterruptedException {
      return book(what);
    }
  }

  /** F: a cancelled run with a lost idempotent attempt is never closed. */
  @Test
  void aCancelledRunWithALostIdempotentAttemptEnds() throws Exception {
    Slow slow = new Slow();
    Assent first = on(store, slow).start();
    Thread.ofVirtual().start(() -> first.gate(GateRequest.of("bot", "book", "{\"what\":\"x\"}")));
    slow.entered.await();
    RunId run = store.runs("main", null, null, 1, null).getFirst().state().id();
    first.close();
    // Asked before anybody else works on it: the second process would end it as it starts.
    store.commit("main", List.of(new Write.AskCancel(run, "ada", clock.get())));
    later(Duration.ofMinutes(5));
    try (Assent second = on(store, slow).start()) {
      assertThat(second.resume(run, SOON)).containsInstanceOf(RunResult.Cancelled.class);
    } finally {
      slow.go.countDown();
    }
  }

  /** F: a commit that fails once loses the outcome that the process holds in its hands. */
  @Test
  void anOutcomeOutlivesACommitThatFailsOnce() throws Exception {
    AtomicBoolean failed = new AtomicBoolean();
    Store flaky =
        seen(
            (method, arguments) -> {
              if (method.equals("commit")
                  && ((List<?>) arguments[1])
                      .stream()
                          .filter(Write.Journal.class::isInstance)
                          .flatMap(w -> ((Write.Journal) w).events().stream())
                          .anyMatch(RunEvent.CallSucceeded.class::isInstance)
                  && failed.compareAndSet(false, true)) {
                throw new StoreException("store-held", "locked for a moment", null);
              }
            });
    try (Assent assent = on(flaky, new Mails()).start()) {
      quietly(() -> assent.gate(GateRequest.of("bot", "mail", "{\"to\":\"bob\"}")));
      RunId run = store.runs("main", null, null, 1, null).getFirst().state().id();
      assertThat(assent.resume(run, SOON)).containsInstanceOf(RunResult.Completed.class);
      assertThat(done).containsExactly("bob");
      assertThat(store.run("main", run).orElseThrow().state().calls().getFirst().status())
          .isEqualTo(CallStatus.SUCCEEDED);
    }
  }

  /** F: a late outcome of a run that cannot be read spins without a pause. */
  @Test
  void aLateOutcomeDoesNotSpinWhileTheRunCannotBeRead() throws Exception {
    AtomicBoolean broken = new AtomicBoolean();
    BlockingQueue<Long> reads = new LinkedBlockingQueue<>();
    Store flaky =
        seen(
            (method, arguments) -> {
              if (broken.get() && method.equals("run")) {
                reads.add(System.nanoTime());
                throw new StoreException("store-broken", "broken", null);
              }
            });
    Slow slow = new Slow();
    Assent assent = on(flaky, slow).start();
    Thread.ofVirtual().start(() -> assent.gate(GateRequest.of("bot", "pay", "{\"what\":\"x\"}")));
    slow.entered.await();
    RunId run = store.runs("main", null, null, 1, null).getFirst().state().id();
    broken.set(true);
    assent.cancel(run, "ada"); // rings the loop; it reads, fails and ends
    reads.take();
    slow.go.countDown(); // the attempt ends late
    long first = reads.take();
    for (int i = 0; i < 2; i++) {
      reads.take();
    }
    long last = reads.take();
    broken.set(false);
    assent.close();
    // Three pauses of half a second; a machine under load makes them longer, never shorter.
    assertThat(Duration.ofNanos(last - first)).isGreaterThan(Duration.ofSeconds(1));
  }

  /** F: an Error in a listener ends the poller: no deadline, no due run, no lease ever after. */
  @Test
  void anErrorInAListenerDoesNotEndThePoller() throws Exception {
    AtomicInteger told = new AtomicInteger();
    CountDownLatch again = new CountDownLatch(1);
    try (Assent assent =
        on(store, new Mails())
            .pollEvery(Duration.ofMillis(20))
            .listener(
                "l",
                result -> {
                  if (told.incrementAndGet() == 1) {
                    throw new NoClassDefFoundError("a/class/that/the/deploy/forgot");
                  }
                  again.countDown();
                })
            .start()) {
      assent.gate(GateRequest.of("bot", "mail", "{\"to\":\"bob\"}"));
      assertThat(again.await(20, TimeUnit.SECONDS)).isTrue();
    }
  }

  /** F: a policy that breaks at the executor lets a call go that it would have denied. */
  @Test
  void aPolicyThatBreaksAtTheExecutorDoesNotLetTheCallGo() {
    AtomicInteger asked = new AtomicInteger();
    Policy sanctions =
        question -> {
          if (asked.incrementAndGet() == 1) {
            return new PolicyOutcome.Require(
                new ApprovalTerms(
                    "two of them",
                    List.of(Threshold.anyone()),
                    Risk.LOW,
                    "",
                    null,
                    null,
                    null,
                    ApprovalTerms.OnExpiry.REJECT));
          }
          throw new IllegalStateException("the sanctions list cannot be reached");
        };
    try (Assent assent = on(store, new Mails(), sanctions).start()) {
      GateResult paused = assent.gate(GateRequest.of("bot", "mail", "{\"to\":\"mallory\"}"));
      assent.approve(waiting(paused).id());
      quietly(() -> assent.resume(paused.run(), Duration.ofSeconds(2)));
      assertThat(done).isEmpty();
    }
  }

  /** F: the requester's account is locked, their second one approves. */
  @Test
  void aLockedRequesterIsStillThatPerson() {
    Map<String, Principal> known =
        Map.of("a2", new Principal("a2", Principal.Kind.PERSON, "pat", java.util.Set.of()));
    try (Assent assent =
        on(store, new Mails(), q -> new PolicyOutcome.Require(ApprovalTerms.simple("r")))
            .profile(Profile.SEPARATED)
            .directory(id -> Optional.ofNullable(known.get(id))) // "a1", also of pat, is locked
            .start()) {
      GateResult paused =
          assent.gate(new GateRequest("bot", "mail", "{\"to\":\"bob\"}", "a1", null));
      Requirement open = waiting(paused);
      DecisionOutcome outcome =
          assent.decide(
              open.id(),
              new DecisionRequest(
                  open.version(), open.digest(), Verdict.APPROVE, null, null, "key-1"),
              known.get("a2"));
      assertThat(outcome).isInstanceOf(DecisionOutcome.NotEntitled.class);
    }
  }

  public class Pay1 {
    @RequiresApproval
    @Tool("Pays")
    String pay(String invoice) {
      done.add(invoice);
      return "paid";
    }
  }

  public class Pay2 {
    @RequiresApproval
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice) {
      done.add(invoice);
      return "paid";
    }
  }

  /** F: a call that is bound anew to a changed tool keeps the effect key of the old one. */
  @Test
  void aCallBoundAnewGetsTheEffectKeyOfTheToolAsItIsNow() throws Exception {
    GateRequest request = GateRequest.of("bot", "pay", "{\"invoice\":\"17\"}");
    GateResult old;
    try (Assent first = on(store, new Pay1()).start()) {
      old = first.gate(request);
    }
    later(Duration.ofMinutes(5));
    try (Assent second = on(store, new Pay2()).start()) {
      GateResult fresh = second.gate(request);
      second.approve(waiting(fresh).id());
      second.resume(fresh.run());
      assertThat(done).containsExactly("17");
      second.approve(waiting(old).id());
      second.resume(old.run(), Duration.ofSeconds(5)); // asked again: the tool changed
      second.approve(waiting(old).id());
      second.resume(old.run(), Duration.ofSeconds(5));
      assertThat(done).containsExactly("17");
    }
  }

  public class TwoRequests {
    @RequiresApproval
    @Tool(value = "Pays, then tells the ledger", effectKey = "invoice:{invoice}")
    String pay(String invoice) throws Exception {
      done.add(invoice); // the first request: the money has moved
      throw new java.net.ConnectException("Connection refused"); // the second one: the ledger
    }
  }

  /** F: a refused connection says nothing of the requests before it. */
  @Test
  void aRefusedSecondConnectionIsDoubtAndKeepsTheKey() {
    try (Assent assent = on(store, new TwoRequests()).start()) {
      GateResult paused = assent.gate(GateRequest.of("bot", "pay", "{\"invoice\":\"17\"}"));
      assent.approve(waiting(paused).id());
      assent.resume(paused.run(), Duration.ofSeconds(5));
      assertThat(store.run("main", paused.run()).orElseThrow().state().calls().getFirst().status())
          .isEqualTo(CallStatus.IN_DOUBT);
    }
  }

  /** F: who waits for a run spins for ever once its Assent is closed. */
  @Test
  void whoWaitsIsToldWhenAssentCloses() throws Exception {
    Slow slow = new Slow();
    Assent assent = on(store, slow).start();
    Thread waiter =
        Thread.ofVirtual()
            .start(
                () -> quietly(() -> assent.gate(GateRequest.of("bot", "pay", "{\"what\":\"x\"}"))));
    slow.entered.await();
    assent.close();
    assertThat(waiter.join(Duration.ofSeconds(3))).isTrue();
  }
}
