package dev.assent.runtime;

import dev.assent.core.Message;
import dev.assent.core.Redaction;
import dev.assent.core.RequirementId;
import dev.assent.core.ToolCall;
import dev.assent.core.spi.Store;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything that a person gets to see of a run. Immutable; its texts are hostile.
 *
 * @param run as it is stored
 * @param messages of this run, oldest first
 * @param calls of the open batch and of earlier turns, oldest first
 * @param waitsFor open requirements; of a run that a person started also those of runs under it
 * @param output the answer, or the error's message; absent while it has not ended
 * @param held the answer while a person looks at it; absent otherwise
 * @param noWorker true when it is ready but no process here serves its agent
 */
public record RunCard(
    Store.StoredRun run,
    List<CardMessage> messages,
    List<CardCall> calls,
    List<RequirementId> waitsFor,
    @Nullable String output,
    @Nullable Held held,
    boolean noWorker) {
  public RunCard {
    messages = List.copyOf(messages);
    calls = List.copyOf(calls);
    waitsFor = List.copyOf(waitsFor);
  }

  /** An answer that does not count yet; {@code round} counts from 1. */
  public record Held(RequirementId requirement, String text, int round) {}

  /** A message and when it was said. */
  public record CardMessage(Message message, Instant at) {}

  /**
   * A call with its texts; absent ones do not exist yet.
   *
   * @param redaction what people are not shown of it
   */
  public record CardCall(
      ToolCall call,
      @Nullable String arguments,
      @Nullable String resultText,
      Redaction redaction) {}

  /** What people are not shown of its texts: also what its calls hold as a secret. */
  public Redaction redaction() {
    return Redaction.SHAPES.knowing(calls.stream().map(CardCall::redaction).toList());
  }
}
