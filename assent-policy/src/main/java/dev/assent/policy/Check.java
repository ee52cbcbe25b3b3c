package dev.assent.policy;

import dev.assent.core.Risk;
import dev.assent.core.spi.Policy;

/**
 * Looks at a call before anybody is asked, for example in another system. Thread-safe. It may pass,
 * deny or raise; there is no way for it to approve. Make a policy of it by {@link OutsideCheck}.
 */
@FunctionalInterface
public interface Check {
  /**
   * What it finds. May take as long as the {@link OutsideCheck} allows, then it is interrupted.
   *
   * @throws Exception any failure: a person is asked
   */
  Finding look(Policy.Question question) throws Exception;

  /** What a check finds. */
  sealed interface Finding {
    /** Nothing to object to; the other rules decide. */
    record Pass() implements Finding {}

    /** The call must not run; the model reads the reason. */
    record Deny(String reason) implements Finding {}

    /** A person must look, at this risk at least; they read why. */
    record Raise(String why, Risk risk) implements Finding {}
  }
}
