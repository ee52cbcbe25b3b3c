package dev.assent.runtime;

import dev.assent.core.spi.Model;
import dev.assent.core.spi.ModelException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks a model, again where that can help. Stateless. */
final class ModelCall {
  private static final Logger LOG = LoggerFactory.getLogger(ModelCall.class);

  private ModelCall() {}

  /** What came of it. */
  sealed interface Outcome {
    record Replied(Model.Reply reply) implements Outcome {}

    record GaveUp(String code, String message) implements Outcome {}

    /** This process is closing: somebody else asks later. */
    record Stopped() implements Outcome {}
  }

  /** Waits for the process to close; false when it did not within this time. */
  interface Closing {
    boolean within(Duration time) throws InterruptedException;
  }

  static Outcome of(
      ModelRetry retry, Model model, Model.Request request, LiveText live, Closing closing)
      throws InterruptedException {
    for (int tried = 1; ; tried++) {
      try {
        return new Outcome.Replied(model.call(request, live));
      } catch (ModelException e) {
        if (closing.within(Duration.ZERO)) {
          return new Outcome.Stopped();
        }
        if (!e.worthRetrying() || tried >= retry.tries()) {
          return new Outcome.GaveUp(e.code(), String.valueOf(e.getMessage()));
        }
        LOG.info("Model {} gave no reply ({}), try {} follows", model.name(), e.code(), tried + 1);
        if (closing.within(retry.waitAfter(tried, Optional.ofNullable(e.retryAfter())))) {
          return new Outcome.Stopped();
        }
        live.again();
      } catch (RuntimeException e) {
        LOG.warn("Model {} failed", model.name(), e);
        return new Outcome.GaveUp(
            "model-failed", "model " + model.name() + " failed: " + e.getMessage());
      }
    }
  }
}
