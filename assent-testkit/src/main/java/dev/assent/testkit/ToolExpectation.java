package dev.assent.testkit;

import dev.assent.core.CallStatus;
import dev.assent.core.Json;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * That the model called a tool, at least once unless {@link #times} says how often. Immutable: each
 * method gives a narrower one.
 */
public final class ToolExpectation implements Expectation {
  private final String tool;
  private final String words;
  private final Predicate<SeenCall> like;
  private final int times;

  private ToolExpectation(String tool, String words, Predicate<SeenCall> like, int times) {
    this.tool = tool;
    this.words = words;
    this.like = like;
    this.times = times;
  }

  static ToolExpectation of(String tool) {
    return new ToolExpectation(tool, "a call of " + tool, call -> true, -1);
  }

  /** With this argument: text, number, boolean, list, map or JSON. */
  public ToolExpectation with(String argument, @Nullable Object value) {
    Json wanted = JsonValues.of(value);
    return and(
        " with " + argument + "=" + wanted,
        call ->
            call.argument(argument).filter(given -> JsonValues.same(given, wanted)).isPresent());
  }

  /** With an argument of this name that is like this. */
  public ToolExpectation where(String argument, Predicate<Json> value) {
    return and(
        " with a certain " + argument, call -> call.argument(argument).filter(value).isPresent());
  }

  /** Without an argument of this name. */
  public ToolExpectation without(String argument) {
    return and(" without " + argument, call -> call.argument(argument).isEmpty());
  }

  /** That stands there now. */
  public ToolExpectation that(CallStatus status) {
    return and(" that is " + status, call -> call.status() == status);
  }

  /** That was executed and gave a result. */
  public ToolExpectation succeeded() {
    return that(CallStatus.SUCCEEDED);
  }

  /** That a person refused. */
  public ToolExpectation rejected() {
    return that(CallStatus.REJECTED);
  }

  /** Exactly so often; 0 means never. */
  public ToolExpectation times(int exactly) {
    return new ToolExpectation(tool, words, like, exactly);
  }

  private ToolExpectation and(String more, Predicate<SeenCall> narrower) {
    return new ToolExpectation(tool, words + more, like.and(narrower), times);
  }

  @Override
  public void check(SeenRun run) {
    List<SeenCall> found = run.callsOf(tool).stream().filter(like).toList();
    if (times < 0 ? found.isEmpty() : found.size() != times) {
      throw new AssertionError(
          "expected "
              + words
              + (times < 0 ? "" : ", " + times + " times")
              + ", found "
              + found.size()
              + "; "
              + run);
    }
  }
}
