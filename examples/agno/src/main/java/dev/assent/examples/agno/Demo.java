package dev.assent.examples.agno;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.MasterKeyFile;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What the examples share: a folder for the store, somewhere to print, and you, who decide.
 *
 * @param folder holds the SQLite file and, beside it, the master key
 */
record Demo(Path folder, PrintStream out) {
  /** The person at this computer. */
  static final Principal YOU = Principal.person("you");

  /** One of the programs. */
  @FunctionalInterface
  interface Example {
    void play(Demo demo) throws Exception;
  }

  /** Plays it in a temporary folder. */
  static void main(Example example) throws Exception {
    Path folder = Files.createTempDirectory("assent-example");
    try {
      example.play(new Demo(folder, System.out));
    } finally {
      delete(folder);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> inside;
    try (Stream<Path> files = Files.walk(folder)) {
      inside = files.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : inside) {
      Files.delete(file);
    }
  }

  /** A durable store: what waits in it survives the process. */
  SqliteStore store() {
    return SqliteStore.open(
        folder.resolve("assent.db"), MasterKeyFile.openOrCreate(folder.resolve("assent.key")));
  }

  void say(String line) {
    out.println(line);
  }

  /** Said by a tool's body only: it was called. */
  void ran(String what) {
    say("-> " + what);
  }

  /** Stands for what you would type here, so that the example runs by itself. */
  String typed(String question, String answer) {
    say(question + " " + answer);
    return answer;
  }

  /** What it waits for; an example whose run does not wait shows nothing, so that is an error. */
  List<Requirement> paused(RunResult result) {
    if (result instanceof RunResult.Paused paused) {
      say("paused: " + paused.sentence());
      return paused.requirements();
    }
    throw new IllegalStateException("the run was to wait for you, but it is " + result);
  }

  /** Prints how the run ended. */
  void ended(RunResult result) {
    say(
        switch (result) {
          case RunResult.Completed completed -> "completed: " + completed.output();
          case RunResult.Failed failed -> "failed: " + failed.code() + ": " + failed.message();
          case RunResult.Cancelled cancelled -> "cancelled";
          case RunResult.Paused paused -> "paused again: " + paused.sentence();
        });
  }

  /** Answers as you; an answer that does not count would spoil the example. */
  static void answer(Assent assent, Requirement shown, Reply reply) {
    Optional<DecisionOutcome> outcome = assent.answer(YOU, shown.id(), reply);
    if (!(outcome.orElse(null) instanceof DecisionOutcome.Recorded)) {
      throw new IllegalStateException("the answer does not count: " + outcome);
    }
  }
}
