package dev.assent.examples.beta;

import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * An example that was played.
 *
 * @param printed its lines
 * @param stored what the journal of each of its runs says, told by the store and not by the example
 */
record Played(List<String> printed, List<List<String>> stored) {
  static Played of(Consumer<Demo> example) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Demo demo = new Demo(new PrintStream(bytes, true, StandardCharsets.UTF_8), new InMemoryStore());
    example.accept(demo);
    List<List<String>> stored = new ArrayList<>();
    try (Assent assent = Assent.on(demo.store()).answeredFromOutside().start()) {
      for (Store.StoredRun run :
          demo.store().runs(assent.tenant(), null, null, 100, null).reversed()) {
        stored.add(story(assent, run));
      }
    }
    return new Played(bytes.toString(StandardCharsets.UTF_8).lines().toList(), stored);
  }

  private static List<String> story(Assent assent, Store.StoredRun run) {
    List<String> story = new ArrayList<>();
    try (RunStream updates = assent.events(run.state().id())) {
      // What is stored is there at once; nobody waits for a run that an example left behind.
      for (Optional<RunUpdate> next = updates.poll(Duration.ZERO);
          next.isPresent();
          next = updates.poll(Duration.ZERO)) {
        String line = line(next.get());
        if (line != null) {
          story.add(line);
        }
      }
    }
    return story;
  }

  private static @Nullable String line(RunUpdate update) {
    return switch (update) {
      case RunUpdate.Asked asked -> "asked " + asked.tool() + " " + asked.kind();
      case RunUpdate.Paused paused -> "paused for " + paused.requirements().size();
      case RunUpdate.Answered answered -> "answered " + answered.tool() + " " + answered.verdict();
      case RunUpdate.Stepped step -> "step " + step.name() + (step.done() ? " done" : " begun");
      case RunUpdate.ToolCallStarted call -> "started " + call.tool();
      case RunUpdate.ToolCallCompleted call -> "ended " + call.tool() + " " + call.status();
      case RunUpdate.Completed end -> "completed";
      case RunUpdate.Failed end -> "failed " + end.code();
      case RunUpdate.Cancelled end -> "cancelled";
      default -> null;
    };
  }

  /** What the bodies of tools said, oldest first. */
  List<String> ran() {
    return printed.stream().filter(line -> line.startsWith("-> ")).toList();
  }
}
