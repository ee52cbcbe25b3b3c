package dev.assent.web;

import dev.assent.core.AssentException;

/** Carries a problem to where it is answered. */
final class ProblemException extends AssentException {
  private static final long serialVersionUID = 1L;

  private final transient Problem problem;

  ProblemException(Problem problem) {
    super(problem.type(), problem.title(), null);
    this.problem = problem;
  }

  Problem problem() {
    return problem;
  }
}
