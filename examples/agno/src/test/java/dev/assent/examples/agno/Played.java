package dev.assent.examples.agno;

import dev.assent.core.AuditVerification;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import dev.assent.store.jdbc.SqliteStore;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An example that was played.
 *
 * @param printed its lines
 * @param stored what the journal of its runs says, told by the store and not by the example
 */
record Played(List<String> printed, List<String> stored) {
  static Played of(Demo.Example example, Path folder) throws Exception {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Demo demo = new Demo(folder, new PrintStream(bytes, true, StandardCharsets.UTF_8));
    example.play(demo);
    List<String> stored = new ArrayList<>();
    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).start()) {
      if (!(AuditVerification.verify("main", store.audit("main", 0, 10_000))
          instanceof AuditVerification.Intact)) {
        throw new AssertionError("the audit log is not intact");
      }
      for (Store.StoredRun run : store.runs("main", null, null, 100, null).reversed()) {
        try (RunStream updates = assent.events(run.state().id())) {
          // What is stored is there at once; nobody waits for a run that an example left behind.
          for (Optional<RunUpdate> next = updates.poll(Duration.ZERO);
              next.isPresent();
              next = updates.poll(Duration.ZERO)) {
            add(stored, next.get());
          }
        }
      }
    }
    return new Played(bytes.toString(StandardCharsets.UTF_8).lines().toList(), stored);
  }

  /** What the bodies of tools said, oldest first. */
  List<String> ran() {
    return printed.stream().filter(line -> line.startsWith("-> ")).toList();
  }

  /** What they had said when the example showed its first pause; fails when it showed none. */
  List<String> ranBeforeThePause() {
    for (int i = 0; i < printed.size(); i++) {
      if (printed.get(i).startsWith("paused: ") || printed.get(i).equals("status: PAUSED")) {
        return printed.subList(0, i).stream().filter(line -> line.startsWith("-> ")).toList();
      }
    }
    throw new AssertionError("no pause was shown: " + printed);
  }

  /** What the store says up to the first pause, the pause included; fails when there was none. */
  List<String> storedUntilThePause() {
    for (int i = 0; i < stored.size(); i++) {
      if (stored.get(i).startsWith("paused for ")) {
        return stored.subList(0, i + 1);
      }
    }
    throw new AssertionError("no pause is stored: " + stored);
  }

  private static void add(List<String> stored, RunUpdate update) {
    String line = line(update);
    if (line != null) {
      stored.add(line);
    }
  }

  private static @Nullable String line(RunUpdate update) {
    return switch (update) {
      case RunUpdate.Asked asked -> "asked " + asked.tool() + " " + asked.kind();
      case RunUpdate.Paused paused -> "paused for " + paused.requirements().size();
      case RunUpdate.Answered answered -> "answered " + answered.tool() + " " + answered.verdict();
      case RunUpdate.ToolCallStarted call -> "started " + call.tool();
      case RunUpdate.ToolCallCompleted call -> "ended " + call.tool() + " " + call.status();
      case RunUpdate.Completed end -> "completed";
      case RunUpdate.Failed end -> "failed " + end.code();
      case RunUpdate.Cancelled end -> "cancelled";
      default -> null;
    };
  }
}
