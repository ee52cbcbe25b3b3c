package dev.assent.runtime;

import dev.assent.core.RunCommand;
import dev.assent.core.ToolCallId;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened outside and is not saved yet. It goes into the draft, again after each
 * conflict, until a transition with it is durable.
 */
sealed interface Heard {
  /** Puts it into a draft; too late is nothing. */
  void into(Engine engine, Draft draft);

  /** The end of an attempt: true whoever works on the run now. */
  record Ended(Attempts.End end) implements Heard {
    @Override
    public void into(Engine engine, Draft draft) {
      Answers.ended(engine, draft, end);
    }
  }

  /** Somebody wants a run to end that is not stored yet. */
  record Cancelled(String by) implements Heard {
    @Override
    public void into(Engine engine, Draft draft) {
      draft.add(new RunCommand.Cancel(by));
    }
  }

  /** The reply of the model; void when somebody else works on the run now. */
  record Replied(Consumer<Draft> input) implements Heard {
    @Override
    public void into(Engine engine, Draft draft) {
      input.accept(draft);
    }
  }

  /** What the agent says to what it was asked back; void when somebody else works on the run. */
  record AnsweredBack(AnsweringBack.Answer answer) implements Heard {
    @Override
    public void into(Engine engine, Draft draft) {
      AnsweringBack.take(engine, draft, answer);
    }
  }

  /**
   * A step of a body that waits until this is durable.
   *
   * @param result absent for the beginning of a step
   */
  record Stepped(
      ToolCallId call,
      int attempt,
      String name,
      byte @Nullable [] result,
      CompletableFuture<@Nullable Void> saved)
      implements Heard {
    @Override
    public void into(Engine engine, Draft draft) {
      boolean taken =
          draft.add(
              result == null
                  ? new RunCommand.StartStep(call, attempt, name)
                  : new RunCommand.EndStep(call, attempt, name, draft.body(result).ref()));
      if (!taken) {
        lost();
      }
    }

    void lost() {
      saved.completeExceptionally(
          new RuntimeFailure(
              "attempt-over",
              "attempt " + attempt + " of call " + call + " does not count any more"));
    }
  }
}
