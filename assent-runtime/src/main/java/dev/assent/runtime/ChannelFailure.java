package dev.assent.runtime;

import dev.assent.core.RequirementId;
import java.time.Duration;
import java.util.Set;

/**
 * Why nobody answered a requirement in this process. Immutable; never an answer. Where something
 * else can still answer, the run waits; otherwise its turn ends with this {@link #code}.
 */
public sealed interface ChannelFailure {
  /** What was asked. */
  RequirementId requirement();

  /** Stable name of the failure, as {@link RunResult.Failed} carries it. */
  String code();

  /** What happened, and what to do about it. */
  String message();

  /** True for the code of such a failure. */
  static boolean isCode(String code) {
    return Set.of(NotProvided.CODE, Failed.CODE, TimedOut.CODE, Unanswered.CODE).contains(code);
  }

  /** No responder is registered for anybody who may answer. */
  record NotProvided(RequirementId requirement) implements ChannelFailure {
    /** The code. */
    public static final String CODE = "nobody-to-ask";

    @Override
    public String code() {
      return CODE;
    }

    @Override
    public String message() {
      return "there is nobody to ask, and the store forgets what waits: register a responder by"
          + " responder(…), or use a durable store. (answeredFromOutside() says that something"
          + " else in this process answers, for example a test.)";
    }
  }

  /** The responder threw. */
  record Failed(RequirementId requirement, String principal, Throwable cause)
      implements ChannelFailure {
    /** The code. */
    public static final String CODE = "responder-failed";

    @Override
    public String code() {
      return CODE;
    }

    @Override
    public String message() {
      return "the responder of " + principal + " failed: " + cause;
    }
  }

  /** The responder took longer than it may. */
  record TimedOut(RequirementId requirement, String principal, Duration after)
      implements ChannelFailure {
    /** The code. */
    public static final String CODE = "responder-timed-out";

    @Override
    public String code() {
      return CODE;
    }

    @Override
    public String message() {
      return "the responder of " + principal + " gave no answer within " + after;
    }
  }

  /** The responder was asked and gave no answer that counts. */
  record Unanswered(RequirementId requirement, String principal) implements ChannelFailure {
    /** The code. */
    public static final String CODE = "unanswered";

    @Override
    public String code() {
      return CODE;
    }

    @Override
    public String message() {
      return principal + " was asked and gave no answer that counts";
    }
  }
}
