package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One requirement that is put to one responder, until it has a decision, is asked no more, or the
 * responder fails. {@link #run} has a thread; everything else is called by others.
 */
final class Ask {
  private static final Logger LOG = LoggerFactory.getLogger(Ask.class);

  private final Asking asking;
  private final Lane lane;
  private final Requirement first;
  private final CompletableFuture<Boolean> over = new CompletableFuture<>();
  private final AtomicBoolean ended = new AtomicBoolean();
  private final Object lock = new Object();
  private @Nullable CompletableFuture<Optional<Reply>> awaited;
  private volatile int version;
  private volatile boolean askedBack;

  Ask(Asking asking, Lane lane, Requirement first) {
    this.asking = asking;
    this.lane = lane;
    this.first = first;
  }

  Requirement requirement() {
    return first;
  }

  Lane lane() {
    return lane;
  }

  /** The version that was put to it last. */
  int version() {
    return version;
  }

  /** True when what it said asks the agent back: nothing is decided, and more will be asked. */
  boolean askedBack() {
    return askedBack;
  }

  /** Completes when nobody needs to wait for it any more. */
  CompletableFuture<Boolean> over() {
    return over;
  }

  /** Nobody waits for it any more; what it still says is late. */
  void drop() {
    end(null);
    withdraw();
  }

  /** What is awaited is not asked any more. */
  void withdraw() {
    synchronized (lock) {
      if (awaited != null) {
        awaited.complete(Optional.empty());
      }
    }
  }

  /**
   * Asks until there is nothing more to ask.
   *
   * @param begun told once the responder has begun, at the latest at the end
   */
  void run(Runnable begun) {
    ChannelFailure failure;
    try {
      failure = ask(begun);
    } catch (Throwable e) {
      failure = new ChannelFailure.Failed(first.id(), lane.principal().id(), e);
    } finally {
      begun.run();
    }
    end(failure);
  }

  private void end(@Nullable ChannelFailure failure) {
    if (!ended.getAndSet(true)) {
      asking.ended(this, failure);
    }
  }

  private @Nullable ChannelFailure ask(Runnable begun) throws Exception {
    int time = 0;
    while (!lane.closed() && !ended.get()) {
      RequirementCard card = asking.card(first.id(), lane.principal()).orElse(null);
      if (card == null) {
        return null;
      }
      time = card.requirement().version() == version ? time + 1 : 1;
      version = card.requirement().version();
      if (time > lane.responder().tries()) {
        return new ChannelFailure.Unanswered(first.id(), lane.principal().id());
      }
      if (!lane.responder().hides()) {
        asking.handOver(card, lane.principal());
      }
      Asked asked = asking.asked(card, lane.principal(), this::lapsed, time);
      Reply reply;
      try {
        reply = asking.through(asked, each -> reply(each, begun));
      } catch (TimeoutException e) {
        return new ChannelFailure.TimedOut(first.id(), lane.principal().id(), limit());
      } finally {
        begun.run();
      }
      if (ended.get() || lapsed()) {
        if (!ended.get() && !(reply instanceof Reply.Unanswered)) {
          late(asked, reply);
        }
        lane.responder().over(asked);
        continue;
      }
      if (reply instanceof Reply.Unanswered) {
        lane.responder().over(asked);
        return new ChannelFailure.Unanswered(first.id(), lane.principal().id());
      }
      DecisionRequest request = asked.decision(reply).orElse(null);
      if (request != null && settled(asked, request)) {
        lane.responder().over(asked);
        return null;
      }
    }
    return null;
  }

  private Duration limit() {
    return lane.responder() instanceof TimedResponder timed ? timed.time() : Duration.ZERO;
  }

  /** True when there is nothing more to ask. */
  private boolean settled(Asked asked, DecisionRequest request) {
    DecisionOutcome outcome = asking.decide(first.id(), request, lane.principal());
    lane.responder().heard(asked, outcome);
    if (!(outcome instanceof DecisionOutcome.Recorded)) {
      LOG.warn(
          "The answer on {} did not count: {}", first.id(), outcome.getClass().getSimpleName());
    }
    askedBack =
        request.verdict() == Verdict.ASK_BACK && outcome instanceof DecisionOutcome.Recorded;
    return outcome instanceof DecisionOutcome.Recorded
        || outcome instanceof DecisionOutcome.Repeated
        || outcome instanceof DecisionOutcome.NotEntitled;
  }

  private boolean lapsed() {
    return lane.closed() || !asking.stillAsked(first.id(), version);
  }

  private Reply reply(Asked asked, Runnable begun) throws Exception {
    CompletionStage<Reply> stage = begin(asked);
    begun.run();
    CompletableFuture<Optional<Reply>> answer = new CompletableFuture<>();
    synchronized (lock) {
      awaited = answer;
    }
    stage.whenComplete(
        (reply, failure) -> {
          if (failure != null) {
            answer.completeExceptionally(failure);
          } else if (!answer.complete(Optional.ofNullable(reply))) {
            late(asked, reply);
          }
        });
    if (lapsed()) {
      withdraw();
    }
    try {
      Duration limit = limit();
      Optional<Reply> reply =
          limit.isZero() ? answer.get() : answer.get(limit.toMillis(), TimeUnit.MILLISECONDS);
      return reply.orElseGet(Reply::unanswered);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    } finally {
      synchronized (lock) {
        awaited = null;
      }
    }
  }

  /** Begins on this thread; one that is held for too long is interrupted and given up. */
  private CompletionStage<Reply> begin(Asked asked) throws Exception {
    if (limit().isZero() || lane.responder().manner() != Responder.Manner.HOLDS_THREAD) {
      return lane.responder().begin(asked);
    }
    Thread held = Thread.currentThread();
    AtomicBoolean returned = new AtomicBoolean();
    Thread watch =
        Thread.startVirtualThread(
            () -> {
              try {
                Thread.sleep(limit());
              } catch (InterruptedException e) {
                return;
              }
              synchronized (returned) {
                if (!returned.getAndSet(true)) {
                  end(new ChannelFailure.TimedOut(first.id(), lane.principal().id(), limit()));
                  held.interrupt();
                }
              }
            });
    try {
      return lane.responder().begin(asked);
    } finally {
      synchronized (returned) {
        if (returned.getAndSet(true)) {
          Thread.interrupted(); // It was meant for the responder, which has returned.
        } else {
          watch.interrupt();
        }
      }
    }
  }

  /** A late answer is a value: it is refused by what is stored. */
  private void late(Asked asked, @Nullable Reply reply) {
    Optional<DecisionRequest> request =
        reply == null || lane.closed() ? Optional.empty() : asked.decision(reply);
    if (request.isEmpty()) {
      LOG.info("A late answer on {} is left aside", first.id());
      return;
    }
    try {
      settled(asked, request.get());
    } catch (RuntimeException e) {
      LOG.warn("A late answer on {} could not be taken", first.id(), e);
    }
  }
}
