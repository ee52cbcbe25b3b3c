package dev.assent.core;

import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** What came of an attempt to decide. A refusal is a value: it says who was first, and when. */
public sealed interface DecisionOutcome {
  /** The requirement as it stands now. */
  Requirement requirement();

  /** The vote counts; the requirement may be closed by it. */
  record Recorded(Requirement requirement, Decision decision) implements DecisionOutcome {}

  /** The same vote had been recorded before. */
  record Repeated(Requirement requirement, Decision decision) implements DecisionOutcome {}

  /** The idempotency key was used for something else. */
  record KeyReused(Requirement requirement) implements DecisionOutcome {}

  /** Somebody or something closed it before; {@code by} is absent when no person did. */
  record AlreadyClosed(
      Requirement requirement, @Nullable String by, Instant at, RequirementStatus how)
      implements DecisionOutcome {
    /**
     * Who decided what, and when.
     *
     * @param names what to call a principal
     */
    public String inWords(UnaryOperator<String> names) {
      return new WhyNot.Closed(how, by, at).inWords(names);
    }
  }

  /** Another version is to be decided now than was shown. */
  record StaleVersion(Requirement requirement, int shown) implements DecisionOutcome {}

  /** What was shown is not what is stored. */
  record DigestMismatch(Requirement requirement) implements DecisionOutcome {}

  /** This principal's word does not count. */
  record NotEntitled(Requirement requirement, WhyNot reason) implements DecisionOutcome {
    /** In words. */
    public String why() {
      return reason.inWords();
    }
  }

  /** The deadline had passed when the decision came. */
  record TooLate(Requirement requirement) implements DecisionOutcome {}

  /**
   * The verdict does not fit the requirement, or lacks something.
   *
   * @param mistakes where the value that was given is wrong; empty when it is something else
   */
  record Invalid(Requirement requirement, String code, String why, List<Mistake> mistakes)
      implements DecisionOutcome {
    public Invalid {
      mistakes = List.copyOf(mistakes);
    }

    /** It is not the value that is wrong. */
    public Invalid(Requirement requirement, String code, String why) {
      this(requirement, code, why, List.of());
    }
  }

  /**
   * What is wrong at one place of a value. Immutable.
   *
   * @param path as RFC 6901 has it; empty is the whole value
   */
  record Mistake(String path, String message) {}
}
