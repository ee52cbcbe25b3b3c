package dev.assent.runtime;

import dev.assent.core.Effect;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.ToolSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/** The attempts of one run that execute in this process, each on a thread of its own. */
final class Attempts {
  /** The end of one attempt, as the thread that made it reports it. */
  record End(ToolCall call, int attempt, ToolExecutor.Outcome outcome, ToolSpec spec) {}

  /** An attempt whose time limit has passed; it may still report itself. */
  record GivenUp(ToolCallId call, int attempt) {}

  private record UnderWay(int attempt, Thread thread, long limitNanos) {}

  private final ToolExecutor executor;
  private final Consumer<End> report;
  private final Mailbox mailbox;
  private final Map<ToolCallId, UnderWay> underWay = new ConcurrentHashMap<>();

  /**
   * @param report takes the ends; called by the attempts' threads
   * @param mailbox takes what steps do
   */
  Attempts(ToolExecutor executor, Consumer<End> report, Mailbox mailbox) {
    this.executor = executor;
    this.report = report;
    this.mailbox = mailbox;
  }

  boolean none() {
    return underWay.isEmpty();
  }

  boolean has(ToolCall call) {
    return underWay.containsKey(call.id());
  }

  /** Lets a checked call run, whose intent is durable. */
  void launch(RunState run, ToolExecutor.Checked checked, Instant until, Duration limit) {
    ToolCall call = run.find(checked.call().id()).orElse(checked.call());
    int attempt = call.mustBeBound().effect() == Effect.READ_ONLY ? 0 : call.attempts();
    ToolContext context;
    try {
      context =
          executor.context(
              run,
              call,
              attempt,
              until,
              done ->
                  new StepLog(
                      mailbox,
                      call.id(),
                      attempt,
                      call.mustBeBound().effect() != Effect.READ_ONLY,
                      done));
    } catch (RuntimeException e) {
      // What it was answered was there at the check and is gone since: its body has not begun.
      report.accept(
          new End(
              call,
              attempt,
              new ToolExecutor.Outcome.DidNothing(
                  "What the call was answered cannot be read any more: " + e.getMessage()),
              checked.spec()));
      return;
    }
    Thread thread =
        Thread.ofVirtual()
            .name("assent-tool-" + run.id() + "-" + call.id())
            .unstarted(
                () ->
                    report.accept(
                        new End(
                            call, attempt, executor.execute(checked, context), checked.spec())));
    underWay.put(call.id(), new UnderWay(attempt, thread, System.nanoTime() + limit.toNanos()));
    thread.start();
    // A quick body has ended before its loop waits, and no timer is set for it.
    Thread.yield();
  }

  void ended(End end) {
    UnderWay mine = underWay.get(end.call().id());
    if (mine != null && mine.attempt() == end.attempt()) {
      underWay.remove(end.call().id());
    }
  }

  /** Stops waiting for all of them; called by any thread. */
  void interrupt() {
    underWay.values().forEach(each -> each.thread().interrupt());
  }

  /** How long until the first time limit ends, in nanoseconds; {@code atMost} when that is less. */
  long nanosLeft(long atMost) {
    long least = atMost;
    for (UnderWay each : underWay.values()) {
      least = Math.min(least, Math.max(1, each.limitNanos() - System.nanoTime()));
    }
    return least;
  }

  /** Gives up the attempts whose time limit has passed; they may still report themselves. */
  List<GivenUp> giveUpOverdue() {
    List<GivenUp> overdue =
        underWay.entrySet().stream()
            .filter(each -> each.getValue().limitNanos() <= System.nanoTime())
            .map(each -> new GivenUp(each.getKey(), each.getValue().attempt()))
            .toList();
    for (GivenUp each : overdue) {
      UnderWay given = underWay.remove(each.call());
      if (given != null) {
        given.thread().interrupt();
      }
    }
    return overdue;
  }
}
