package dev.assent.testkit;

import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import dev.assent.runtime.ToolContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The world outside, as a test sees it: what tools did, in order. Thread-safe; outlives every
 * process of a scenario.
 *
 * <p>A tool that says its {@link ToolContext} lets the kit know which call did it: then a doubt is
 * reconciled with the truth, and a call that is told as done must have done something.
 */
public final class Effects {
  private final List<Happened> all = new ArrayList<>();

  /**
   * One thing that happened. Immutable.
   *
   * @param line what
   * @param run whose run did it; absent when the tool did not say
   * @param call which call of the run did it; absent when the tool did not say
   */
  public record Happened(String line, @Nullable RunId run, @Nullable ToolCallId call) {}

  /** A world in which nothing has happened. */
  public Effects() {}

  /** This happened; by which call is not said. */
  public synchronized void happened(String line) {
    all.add(new Happened(line, null, null));
  }

  /** The call of this context made this happen. */
  public synchronized void happened(ToolContext by, String line) {
    all.add(new Happened(line, by.run(), by.call()));
  }

  /**
   * The call of this context made this happen, in a system that honours idempotency keys: said
   * again by the same call it is no new effect.
   */
  public synchronized void happenedUnderKey(ToolContext by, String line) {
    if (!linesBy(by.run(), by.call()).contains(line)) {
      happened(by, line);
    }
  }

  /** What happened, oldest first. */
  public synchronized List<Happened> all() {
    return List.copyOf(all);
  }

  /** What happened, in the tools' words, oldest first. */
  public List<String> lines() {
    return all().stream().map(Happened::line).toList();
  }

  /** How often this happened. */
  public int times(String line) {
    return (int) lines().stream().filter(line::equals).count();
  }

  /** What this call made happen first; empty when nothing that is known. */
  public Optional<String> by(RunId run, ToolCallId call) {
    return linesBy(run, call).stream().findFirst();
  }

  List<String> linesBy(RunId run, ToolCallId call) {
    return all().stream()
        .filter(each -> run.equals(each.run()) && call.equals(each.call()))
        .map(Happened::line)
        .toList();
  }

  /** True when each effect says which call it is of. */
  boolean attributed() {
    return all().stream().noneMatch(each -> each.call() == null);
  }
}
