package dev.assent.policy;

import dev.assent.core.AssentException;
import java.util.List;
import java.util.stream.Collectors;

/** A file that cannot be used. Immutable; names everything that is wrong, not only the first. */
public final class PolicyException extends AssentException {
  private static final long serialVersionUID = 1L;

  private final transient List<Problem> problems;

  PolicyException(List<Problem> problems) {
    super(
        "invalid-policy",
        problems.stream().map(Problem::toString).collect(Collectors.joining("\n")),
        null);
    this.problems = List.copyOf(problems);
  }

  /** What is wrong, in the order of the file. */
  public List<Problem> problems() {
    return problems;
  }
}
