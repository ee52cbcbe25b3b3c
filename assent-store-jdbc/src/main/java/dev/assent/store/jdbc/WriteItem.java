package dev.assent.store.jdbc;

import java.util.List;
import java.util.concurrent.CompletableFuture;

/** One transaction on its way to the writer. */
final class WriteItem {
  /** All steps had their conditions. */
  static final int DONE = -1;

  /** What the writer does for an item, one after the other. */
  sealed interface Step permits BoundStatement, AuditSealer.Line {}

  private final List<? extends Step> steps;
  private final Runnable durable;
  private final CompletableFuture<Integer> answer = new CompletableFuture<>();

  WriteItem(List<? extends Step> steps) {
    this(steps, () -> {});
  }

  /**
   * @param durable called by the writer's thread in the order of the commits, before the answer
   */
  WriteItem(List<? extends Step> steps, Runnable durable) {
    this.steps = List.copyOf(steps);
    this.durable = durable;
  }

  /** It is on the disk. */
  void done() {
    durable.run();
    answer.complete(DONE);
  }

  List<? extends Step> steps() {
    return steps;
  }

  /** {@link #DONE}, or the step whose condition did not hold; known when it is durable. */
  CompletableFuture<Integer> answer() {
    return answer;
  }
}
