package dev.assent.benchmarks;

import java.util.List;

/** Something that answers with a tool call, and commits. */
interface Turns {
  /** One turn, with these commits. */
  String run(String question, List<Runnable> transactions);
}
