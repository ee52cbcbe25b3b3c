package dev.assent.runtime;

import dev.assent.core.ToolCallId;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/** Has a loop write down what a body's steps do, and waits until it is durable. */
final class StepLog implements ToolContext.Steps {
  private final Mailbox mailbox;
  private final ToolCallId call;
  private final int attempt;
  private final boolean withIntent;
  private final Map<String, byte[]> done;

  /**
   * @param withIntent false for a body that changes nothing: its steps begin without a word
   */
  StepLog(
      Mailbox mailbox, ToolCallId call, int attempt, boolean withIntent, Map<String, byte[]> done) {
    this.mailbox = mailbox;
    this.call = call;
    this.attempt = attempt;
    this.withIntent = withIntent;
    this.done = Map.copyOf(done);
  }

  @Override
  public Optional<byte[]> done(String name) {
    return Optional.ofNullable(done.get(name));
  }

  @Override
  public void begin(String name) {
    if (withIntent) {
      write(name, null);
    }
  }

  @Override
  public void end(String name, byte[] result) {
    write(name, result);
  }

  private void write(String name, byte @Nullable [] result) {
    CompletableFuture<@Nullable Void> saved = new CompletableFuture<>();
    Heard.Stepped word = new Heard.Stepped(call, attempt, name, result, saved);
    if (!mailbox.put(new Mailbox.Mail.Word(word))) {
      word.lost();
    }
    try {
      saved.get();
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException cause
          ? cause
          : new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RuntimeFailure("interrupted", "the attempt was interrupted in step " + name);
    }
  }
}
