package dev.assent.runtime;

import dev.assent.core.JsonObject;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * How a tool finds out what a call would do. Immutable.
 *
 * @param preview what people are shown; absent when there is none
 * @param precondition the state that the decision is about; absent when there is none
 */
record Pins(@Nullable Preview preview, @Nullable Preview precondition) {
  static final Pins NONE = new Pins(null, null);

  boolean none() {
    return preview == null && precondition == null;
  }

  /**
   * Looks, and waits that long at most.
   *
   * @throws RuntimeFailure {@code preview-failed} when it cannot be found out
   */
  Looked look(String tool, JsonObject arguments, Duration atMost) {
    FutureTask<Looked> look =
        new FutureTask<>(
            () -> Looked.of(look(preview, arguments), state(look(precondition, arguments))));
    Thread thread = Thread.ofVirtual().name("assent-preview-" + tool).start(look);
    try {
      return look.get(atMost.toNanos(), TimeUnit.NANOSECONDS);
    } catch (ExecutionException e) {
      throw failed(tool, String.valueOf(e.getCause()));
    } catch (TimeoutException e) {
      throw failed(tool, "it took longer than " + atMost);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(tool, "it was interrupted");
    } finally {
      thread.interrupt();
    }
  }

  private static Previewed look(@Nullable Preview preview, JsonObject arguments) throws Exception {
    return preview == null ? Previewed.of(null) : preview.look(arguments);
  }

  private static @Nullable String state(Previewed seen) {
    if (!seen.attachments().isEmpty()) {
      throw new IllegalArgumentException(
          "a precondition has no attachments; attach them to the preview");
    }
    return seen.text();
  }

  private static RuntimeFailure failed(String tool, String why) {
    return new RuntimeFailure(
        "preview-failed", "what the call of " + tool + " would do could not be found out: " + why);
  }
}
