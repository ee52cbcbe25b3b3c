package dev.assent.orchestration;

import dev.assent.core.Message;
import dev.assent.core.RunStatus;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * Reads a conversation from its start: what was said, then what is said. One thread reads and
 * waits; any thread may {@link #close}. Close it, or read it to its end.
 */
public final class ConversationStream implements Iterable<ConversationEvent>, AutoCloseable {
  private static final Duration FOREVER = Duration.ofDays(36_500);

  private final RunStream updates;
  private final Queue<ConversationEvent> ready = new ArrayDeque<>();
  private final Dialogue dialogue;
  private @Nullable String spoken;
  private final List<Message.Call> calls = new ArrayList<>();

  ConversationStream(RunStream updates, Conversation conversation) {
    this.updates = updates;
    this.dialogue =
        new Dialogue(conversation.first().name(), conversation.second().name(), ready::add);
  }

  /**
   * The next event, waiting for it; empty when none came in this time, or none will.
   *
   * @throws dev.assent.runtime.RuntimeFailure when the Assent was closed, or the thread
   *     interrupted, while waiting
   */
  public Optional<ConversationEvent> poll(Duration atMost) {
    long end = System.nanoTime() + (atMost.compareTo(FOREVER) < 0 ? atMost : FOREVER).toNanos();
    while (ready.isEmpty()) {
      Optional<RunUpdate> update =
          updates.poll(Duration.ofNanos(Math.max(0, end - System.nanoTime())));
      if (update.isEmpty()) {
        return Optional.empty();
      }
      if (update.get() instanceof RunUpdate.Durable durable) {
        take(durable);
      }
    }
    return Optional.of(ready.remove());
  }

  private void take(RunUpdate.Durable update) {
    if (update instanceof RunUpdate.ToolCallProposed proposed) {
      calls.add(new Message.Call(proposed.call().value(), proposed.tool(), proposed.arguments()));
      return;
    }
    if (spoken != null) {
      dialogue.replied(spoken, List.copyOf(calls));
      spoken = null;
      calls.clear();
    }
    switch (update) {
      case RunUpdate.Started started -> {
        if (started.message() != null) {
          dialogue.spoke(started.message());
        }
      }
      case RunUpdate.Said said -> dialogue.spoke(said.text());
      case RunUpdate.Replied replied -> spoken = replied.text();
      case RunUpdate.Asked asked -> ready.add(waits(asked));
      case RunUpdate.ToolCallCompleted call ->
          dialogue.result(call.call().value(), call.result(), call.code() != null);
      case RunUpdate.Completed end -> ended(RunStatus.COMPLETED, end.output());
      case RunUpdate.Failed end -> ended(RunStatus.FAILED, end.code() + ": " + end.message());
      case RunUpdate.Cancelled end -> ended(RunStatus.CANCELLED, "cancelled");
      default -> {}
    }
  }

  private ConversationEvent waits(RunUpdate.Asked asked) {
    boolean line =
        asked.tool().equals(BuiltIn.INPUT)
            && asked.kind() == dev.assent.core.RequirementKind.USER_INPUT;
    return dialogue
        .asked()
        .filter(input -> line)
        .<ConversationEvent>map(
            input ->
                new ConversationEvent.InputRequested(
                    asked.requirement(), input.participant(), input.to(), input.prompt()))
        .orElseGet(
            () -> new ConversationEvent.Waits(asked.requirement(), asked.kind(), asked.tool()));
  }

  private void ended(RunStatus status, String text) {
    ready.add(new ConversationEvent.Ended(status, text));
  }

  /** The events, each once; waits in {@code hasNext}. */
  @Override
  public Iterator<ConversationEvent> iterator() {
    return new Iterator<>() {
      private @Nullable ConversationEvent next;

      @Override
      public boolean hasNext() {
        if (next == null) {
          next = poll(FOREVER).orElse(null);
        }
        return next != null;
      }

      @Override
      public ConversationEvent next() {
        ConversationEvent current = hasNext() ? next : null;
        if (current == null) {
          throw new NoSuchElementException("the conversation was read as far as asked for");
        }
        next = null;
        return current;
      }
    };
  }

  /** Ends the reading, also that of a thread that waits for the next event. */
  @Override
  public void close() {
    updates.close();
  }
}
