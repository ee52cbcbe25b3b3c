package dev.assent.examples.beta;

import dev.assent.core.Principal;
import dev.assent.core.spi.Store;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunResult;
import java.io.PrintStream;
import java.util.Iterator;
import java.util.List;

/**
 * What the examples share: somewhere to print, you, who are asked, and a store.
 *
 * @param store in memory: whoever is asked answers while the process lives. On a durable store the
 *     same programs survive it.
 */
record Demo(PrintStream out, Store store) {
  /** The person at this computer. */
  static final Principal YOU = Principal.person("you");

  /** Prints to the terminal. */
  static Demo onTerminal() {
    return new Demo(System.out, new InMemoryStore());
  }

  void say(String text) {
    out.println(text);
  }

  /** Said by a tool's body only: it was called. */
  void ran(String what) {
    say("-> " + what);
  }

  /**
   * Shows the prompt and answers with the next of these lines. To be asked yourself: {@code
   * Responder.typed(asked -> System.console().readLine(asked.prompt()))}.
   */
  Responder typing(String... lines) {
    Iterator<String> next = List.of(lines).iterator();
    return Responder.typed(
        asked -> {
          String typed = next.next();
          say("asked: " + asked.prompt());
          say("you type: " + typed);
          return typed;
        });
  }

  /** Prints how the run ended. */
  void ended(RunResult result) {
    say(
        switch (result) {
          case RunResult.Completed completed -> "completed: " + completed.output();
          case RunResult.Paused paused -> "paused: " + paused.sentence();
          case RunResult.Failed failed -> "failed: " + failed.code() + ": " + failed.message();
          case RunResult.Cancelled cancelled -> "cancelled";
        });
  }
}
