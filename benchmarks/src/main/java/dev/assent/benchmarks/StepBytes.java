package dev.assent.benchmarks;

import dev.assent.core.Message;
import dev.assent.core.spi.Model;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.store.jdbc.StatementTrace;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** How many bytes a step binds: neither a long session nor a long run makes it more. */
final class StepBytes {
  private static final int EARLIER = 1_000;
  private static final int STEPS = 101;

  private StepBytes() {}

  static boolean run(List<String> args) throws Exception {
    long empty = bytesOfARun(0);
    long full = bytesOfARun(EARLIER);
    double more = (double) full / empty - 1;
    boolean kept = Math.abs(more) <= 0.01;
    System.out.printf(
        Locale.ROOT,
        "bytes of a run with one approved call: empty_session=%d after_%d_messages=%d more=%.2f%%"
            + " budget=1%% %s%n",
        empty,
        EARLIER,
        full,
        more * 100,
        kept ? "kept" : "MISSED");
    List<Long> steps = bytesOfSteps();
    long early = steps.get(5);
    long late = steps.get(100);
    double grown = (double) late / early - 1;
    boolean flat = Math.abs(grown) <= 0.10;
    System.out.printf(
        Locale.ROOT,
        "bytes of a step of one run: step_5=%d step_100=%d more=%.2f%% budget=10%% %s%n",
        early,
        late,
        grown * 100,
        flat ? "kept" : "MISSED");
    return kept && flat;
  }

  private static long bytesOfARun(int earlierMessages) throws Exception {
    Path folder = Bench.folder();
    Function<Model.Request, Message.Assistant> chatThenPay =
        request ->
            request.messages().getLast() instanceof Message.User user
                    && user.text().startsWith("pay")
                ? new Message.Assistant(
                    "I pay.", List.of(new Message.Call("p", "pay", Bench.arguments("17"))))
                : new Message.Assistant("Very well, noted.", List.of());
    try (SqliteStore store = Bench.open(folder);
        Assent assent = Bench.assent(store, Bench.model(chatThenPay))) {
      for (int i = 0; i < earlierMessages / 2; i++) {
        assent.resume(assent.submit(RunRequest.of("bot", "remember this").inSession("long")));
      }
      assent.resume(assent.submit(RunRequest.of("bot", "warm up").inSession("long")));
      StatementTrace trace = StatementTrace.of(store);
      trace.listen(statements -> {});
      RunResult paused =
          assent.resume(assent.submit(RunRequest.of("bot", "pay 17").inSession("long")));
      assent.approve(((RunResult.Paused) paused).requirements().getFirst().id());
      assent.resume(paused.run());
      trace.stop();
      return trace.bytesBound();
    } finally {
      Bench.delete(folder);
    }
  }

  private static List<Long> bytesOfSteps() throws Exception {
    Path folder = Bench.folder();
    List<Long> atStep = new ArrayList<>();
    Function<Model.Request, Message.Assistant> always =
        request ->
            new Message.Assistant(
                "I pay.",
                List.of(
                    new Message.Call(
                        "p", "pay", Bench.arguments("i" + (1000 + request.messages().size())))));
    try (SqliteStore store = Bench.open(folder);
        Assent assent = Bench.assent(store, Bench.model(always))) {
      StatementTrace trace = StatementTrace.of(store);
      trace.listen(statements -> {});
      RunResult at = assent.run("bot", "pay for ever");
      long before = trace.bytesBound();
      for (int step = 0; step < STEPS; step++) {
        assent.approve(((RunResult.Paused) at).requirements().getFirst().id());
        at = assent.resume(at.run());
        long now = trace.bytesBound();
        atStep.add(now - before);
        before = now;
      }
      return atStep;
    } finally {
      Bench.delete(folder);
    }
  }
}
