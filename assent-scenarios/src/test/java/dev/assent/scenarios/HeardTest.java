package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RuntimeFailure;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What somebody says to a run while it ends is heard, or refused; it is never lost. */
@Timeout(60)
class HeardTest {
  private static final Principal ADA = Principal.person("ada");

  @TempDir Path folder;
  private final ScriptedModel model = ScriptedModel.inOrder();
  private Store store;
  private Assent assent;

  /** Before the first commit that has such a change, something else happens. */
  private void start(World.Kept kept, Predicate<Write> such, Consumer<List<Write>> first) {
    Store behind =
        kept == World.Kept.IN_MEMORY
            ? new InMemoryStore()
            : SqliteStore.open(folder.resolve("heard.db"), World.keyring());
    AtomicBoolean happened = new AtomicBoolean();
    store =
        (Store)
            Proxy.newProxyInstance(
                HeardTest.class.getClassLoader(),
                new Class<?>[] {Store.class},
                (proxy, method, arguments) -> {
                  if (method.getName().equals("commit")) {
                    @SuppressWarnings("unchecked")
                    List<Write> writes = (List<Write>) arguments[1];
                    if (writes.stream().anyMatch(such) && happened.compareAndSet(false, true)) {
                      first.accept(writes);
                    }
                  }
                  try {
                    return method.invoke(behind, arguments);
                  } catch (InvocationTargetException e) {
                    throw e.getCause();
                  }
                });
    assent =
        Assent.on(store)
            .answeredFromOutside()
            .operator(ADA)
            .pollEvery(Duration.ofHours(1))
            .register(Agent.named("bot").model(model).build())
            .start();
  }

  @AfterEach
  void close() {
    assent.close();
    store.close();
  }

  private static boolean ends(Write write) {
    return write instanceof Write.NextState next && next.state().end() != null;
  }

  private static RunId of(List<Write> writes) {
    return writes.stream()
        .filter(HeardTest::ends)
        .map(write -> ((Write.NextState) write).state().id())
        .findFirst()
        .orElseThrow();
  }

  private List<String> heard(Model.Request request) {
    return request.messages().stream()
        .filter(Message.User.class::isInstance)
        .map(Message::text)
        .toList();
  }

  private boolean nothingWaits(RunId run) {
    return store.outbox("main", "run/" + run, 10).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void whatIsSaidBetweenTheLastLookAndTheEndIsHeardBeforeTheEnd(World.Kept kept) {
    model.says("Done.").says("That too.");
    start(kept, HeardTest::ends, writes -> assent.say(of(writes), "And sweep."));

    RunResult result = assent.run(RunRequest.of("bot", "Tidy up").inSession("s"));

    assertThat(result)
        .isInstanceOfSatisfying(
            RunResult.Completed.class,
            completed -> assertThat(completed.output()).isEqualTo("That too."));
    assertThat(heard(model.requests().getLast())).containsExactly("Tidy up", "And sweep.");
    assertThat(nothingWaits(result.run())).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void whatComesAfterTheEndIsRefusedAlsoWhenTheRunWentOnAMomentBefore(World.Kept kept)
      throws Exception {
    CountDownLatch answered = new CountDownLatch(1);
    model.otherwise(
        request -> {
          await(answered);
          return new Message.Assistant("Done.", List.of());
        });
    RunId[] run = new RunId[1];
    start(
        kept,
        write -> write instanceof Write.Tell tell && tell.topic().equals("message"),
        writes -> {
          answered.countDown();
          assertThat(assent.resume(run[0]).status()).isEqualTo(RunStatus.COMPLETED);
        });
    run[0] = assent.submit(RunRequest.of("bot", "Tidy up"));

    assertThatThrownBy(() -> assent.say(run[0], "And sweep."))
        .isInstanceOfSatisfying(
            RuntimeFailure.class, e -> assertThat(e.code()).isEqualTo("run-finished"));
    assertThat(nothingWaits(run[0])).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void whatACancelledRunDidNotHearIsReadByTheNextOneOfItsSession(World.Kept kept) {
    model.says("Done.").says("Hello again.");
    start(
        kept,
        HeardTest::ends,
        writes -> {
          assent.say(of(writes), "And sweep.");
          assertThat(assent.cancel(of(writes), "ada")).isTrue();
        });
    RunResult result = assent.run(RunRequest.of("bot", "Tidy up").inSession("s"));

    assertThat(result.status()).isEqualTo(RunStatus.CANCELLED);
    assertThat(nothingWaits(result.run())).isTrue();
    assent.run(RunRequest.of("bot", "Well?").inSession("s"));
    assertThat(heard(model.requests().getLast())).containsExactly("Tidy up", "And sweep.", "Well?");
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
