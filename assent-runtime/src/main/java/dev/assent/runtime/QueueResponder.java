package dev.assent.runtime;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.RequirementId;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Questions that are taken from a queue and answered by their ids, in any order and from any
 * thread, while nothing blocks: a run that asks here is reported as paused. Thread-safe.
 */
public final class QueueResponder implements Responder {
  /** What became of an answer. A refusal is a value. */
  public sealed interface Answered {
    /** It was recorded. */
    record Recorded(DecisionOutcome outcome) implements Answered {}

    /** This was not asked here, or is no longer. */
    record NotAsked(RequirementId id) implements Answered {}

    /** A typed text that the fixed rules do not understand; the question stays. */
    record NotUnderstood(RequirementId id) implements Answered {}

    /** It does not count: it came late, or it does not fit. The outcome says which. */
    record Refused(DecisionOutcome outcome) implements Answered {}
  }

  /** A question, and where its answer goes. */
  private static final class Open {
    private volatile Asked asked;
    private final CompletableFuture<Reply> answer = new CompletableFuture<>();
    private final CompletableFuture<Optional<DecisionOutcome>> outcome = new CompletableFuture<>();

    private Open(Asked asked) {
      this.asked = asked;
    }
  }

  private static final int REMEMBERED = 500;

  private final Map<RequirementId, Open> open = new LinkedHashMap<>();

  /** What was asked here last and is not any more, so that who comes late is told why. */
  private final Map<RequirementId, Asked> over =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<RequirementId, Asked> eldest) {
          return size() > REMEMBERED;
        }
      };

  private final BlockingQueue<Asked> waiting = new LinkedBlockingQueue<>();

  @Override
  public CompletionStage<Reply> begin(Asked asked) {
    synchronized (open) {
      Open again = open.get(asked.id());
      if (again != null && asked.time() > 1) {
        again.asked = asked;
        return again.answer;
      }
      Open fresh = new Open(asked);
      open.put(asked.id(), fresh);
      waiting.add(asked);
      return fresh.answer;
    }
  }

  @Override
  public Optional<DecisionRequest> ask(RequirementCard card, BooleanSupplier withdrawn) {
    return begin(Asked.of(card, withdrawn)).toCompletableFuture().join().to(card);
  }

  @Override
  public Manner manner() {
    return Manner.HOLDS_NOTHING;
  }

  @Override
  public int tries() {
    return Integer.MAX_VALUE;
  }

  @Override
  public void heard(Asked asked, DecisionOutcome outcome) {
    end(asked, Optional.of(outcome), outcome instanceof DecisionOutcome.Invalid);
  }

  @Override
  public void over(Asked asked) {
    end(asked, asked.closed().map(DecisionOutcome.class::cast), false);
  }

  private void end(Asked asked, Optional<DecisionOutcome> outcome, boolean asksAgain) {
    Open answered;
    synchronized (open) {
      answered = open.get(asked.id());
      if (answered == null || answered.asked != asked) {
        return;
      }
      if (asksAgain) {
        open.put(asked.id(), new Open(asked));
      } else {
        open.remove(asked.id());
        over.put(asked.id(), asked);
      }
    }
    answered.outcome.complete(outcome);
  }

  /**
   * The next question; waits for one.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public Asked take() throws InterruptedException {
    while (true) {
      Asked next = waiting.take();
      if (!next.withdrawn()) {
        return next;
      }
    }
  }

  /**
   * The next question; empty when none comes in time.
   *
   * @throws InterruptedException when the waiting thread is interrupted
   */
  public Optional<Asked> poll(Duration atMost) throws InterruptedException {
    long end = System.nanoTime() + atMost.toNanos();
    while (true) {
      Asked next = waiting.poll(Math.max(0, end - System.nanoTime()), TimeUnit.NANOSECONDS);
      if (next == null || !next.withdrawn()) {
        return Optional.ofNullable(next);
      }
    }
  }

  /** What is asked here and not answered, oldest first, whether it was taken or not. */
  public List<Asked> open() {
    synchronized (open) {
      return open.values().stream()
          .map(each -> each.asked)
          .filter(each -> !each.withdrawn())
          .toList();
    }
  }

  /** Answers; durable when this returns. Who comes late is told who decided what, and when. */
  public Answered answer(RequirementId id, Reply reply) {
    @Nullable Open question;
    @Nullable Asked before;
    synchronized (open) {
      question = open.get(id);
      before = over.get(id);
    }
    if (question == null) {
      return before == null ? new Answered.NotAsked(id) : notAsked(before);
    }
    if (question.asked.decision(reply).isEmpty()) {
      return new Answered.NotUnderstood(id);
    }
    if (!question.answer.complete(reply)) {
      return notAsked(question.asked);
    }
    DecisionOutcome outcome = question.outcome.join().orElse(null);
    if (outcome == null) {
      return new Answered.NotAsked(id);
    }
    return outcome instanceof DecisionOutcome.Recorded
        ? new Answered.Recorded(outcome)
        : new Answered.Refused(outcome);
  }

  private static Answered notAsked(Asked before) {
    return before
        .closed()
        .<Answered>map(Answered.Refused::new)
        .orElseGet(() -> new Answered.NotAsked(before.id()));
  }
}
