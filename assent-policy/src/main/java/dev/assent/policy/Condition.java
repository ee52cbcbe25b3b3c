package dev.assent.policy;

import dev.cel.common.CelErrorCode;
import dev.cel.runtime.CelEvaluationException;
import dev.cel.runtime.CelUnknownSet;
import dev.cel.runtime.Program;

/**
 * One compiled condition. Thread-safe.
 *
 * @param source as it was written
 */
record Condition(String source, Program program) {
  /** Of a rule that says nothing. */
  static final String ALWAYS = "true";

  /** What came of it. */
  enum Answer {
    HOLDS(""),
    DOES_NOT_HOLD(""),
    MISSING("a field is missing"),
    TYPE("a value is of another type"),
    NUMBER("a number is too big"),
    TOO_MUCH("there is too much to look at"),
    FAILED("it failed");

    final String problem;

    Answer(String problem) {
      this.problem = problem;
    }

    boolean failed() {
      return !problem.isEmpty();
    }
  }

  /** Never throws: what cannot be told is an answer. Says nothing of what is in the arguments. */
  Answer of(Facts facts) {
    Answer answer = evaluated(facts);
    return Work.givenUp() ? Answer.TOO_MUCH : answer;
  }

  private Answer evaluated(Facts facts) {
    try {
      Object result = program.eval(facts);
      if (result instanceof Boolean holds) {
        return holds ? Answer.HOLDS : Answer.DOES_NOT_HOLD;
      }
      return result instanceof CelUnknownSet ? Answer.MISSING : Answer.TYPE;
    } catch (CelEvaluationException | RuntimeException | StackOverflowError e) {
      return answer(e);
    }
  }

  private static Answer answer(Throwable e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof ArithmeticException) {
        return Answer.NUMBER;
      }
    }
    return e instanceof CelEvaluationException known ? answer(known.getErrorCode()) : Answer.FAILED;
  }

  private static Answer answer(CelErrorCode code) {
    return switch (code) {
      case ATTRIBUTE_NOT_FOUND, INDEX_OUT_OF_BOUNDS -> Answer.MISSING;
      case OVERLOAD_NOT_FOUND, TYPE_NOT_FOUND, INVALID_ARGUMENT, BAD_FORMAT -> Answer.TYPE;
      case NUMERIC_OVERFLOW, DIVIDE_BY_ZERO -> Answer.NUMBER;
      case ITERATION_BUDGET_EXCEEDED -> Answer.TOO_MUCH;
      case INTERNAL_ERROR, DUPLICATE_ATTRIBUTE, AMBIGUOUS_OVERLOAD -> Answer.FAILED;
    };
  }
}
