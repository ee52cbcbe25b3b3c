package dev.assent.testkit;

/** Something that is expected of a run. Stateless; may be checked of any number of runs. */
@FunctionalInterface
public interface Expectation {
  /**
   * Looks.
   *
   * @throws AssertionError when it does not hold
   */
  void check(SeenRun run);
}
