package dev.assent.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Collects what is wrong in one file. Used by one thread. */
final class Problems {
  private final String file;
  private final List<Problem> found = new ArrayList<>();
  private @Nullable String rule;

  Problems(String file) {
    this.file = file;
  }

  String file() {
    return file;
  }

  /** What is found from now on is in this rule. */
  void in(@Nullable String id) {
    rule = id;
  }

  void add(int line, String text) {
    found.add(new Problem(file, line, rule, text));
  }

  int count() {
    return found.size();
  }

  boolean isEmpty() {
    return found.isEmpty();
  }

  /**
   * @throws PolicyException when something is wrong
   */
  void check() {
    if (!found.isEmpty()) {
      throw exception();
    }
  }

  PolicyException exception() {
    found.sort(Comparator.comparingInt(Problem::line));
    return new PolicyException(found);
  }
}
