package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.CallStatus;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.ToolCall;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.Answer;
import dev.assent.testkit.AssentAssertions;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.VirtualClock;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that waits, or has just been answered, is killed ({@code kill -9}); another goes on.
 */
@Timeout(120)
class KillTest {
  private static final String BOOK = "{\"room\":\"5\"}";

  @TempDir Path folder;
  private SqliteStore store;
  private Assent assent;
  private RunId run;

  /** A child plays until it stands at this place, and is killed there; then this process opens. */
  private void killedAt(String place, String tool, String arguments) throws Exception {
    Process child =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                KillChild.class.getName(),
                folder.resolve("assent.db").toString(),
                outside().toString(),
                place,
                tool,
                arguments)
            .redirectError(folder.resolve("errors.txt").toFile())
            .start();
    try (BufferedReader said = child.inputReader()) {
      assertThat(lastLine(said)).as(() -> errors()).isEqualTo("at " + place);
    } finally {
      child.destroyForcibly().waitFor();
    }
    open(tool, arguments);
  }

  /** Others may write to standard output, too. */
  private static String lastLine(BufferedReader said) throws IOException {
    String line = said.readLine();
    while (line != null && !line.startsWith("at ") && !line.startsWith("ended ")) {
      line = said.readLine();
    }
    return line;
  }

  private String errors() {
    try {
      return Files.readString(folder.resolve("errors.txt"));
    } catch (IOException e) {
      return e.toString();
    }
  }

  private Path outside() {
    return folder.resolve("outside.txt");
  }

  private void open(String tool, String arguments) {
    VirtualClock clock = VirtualClock.standing();
    clock.advance(Duration.ofMinutes(10));
    store = SqliteStore.at(folder.resolve("assent.db"), World.keyring()).clock(clock).open();
    assent =
        Assent.on(store)
            .operator(Desk.ADA)
            .pollEvery(Duration.ofHours(1))
            .register(new KillChild.Story(outside(), here -> {}).agent(tool, arguments))
            .start();
    run = store.runs(Desk.TENANT, null, null, 1, null).getFirst().state().id();
  }

  @AfterEach
  void close() {
    if (assent != null) {
      assent.close();
      store.close();
    }
  }

  private Requirement waitsFor(RequirementKind kind) {
    List<Requirement> open = ((RunResult.Paused) assent.resume(run)).requirements();
    assertThat(open).extracting(Requirement::kind).containsExactly(kind);
    return open.getFirst();
  }

  private void says(Requirement to, Answer answer) {
    assertThat(ScriptedPerson.person(Desk.ADA).says(assent, to.id(), answer))
        .isInstanceOf(DecisionOutcome.Recorded.class);
  }

  private ToolCall completes() {
    assertThat(assent.resume(run)).isInstanceOf(RunResult.Completed.class);
    AssentAssertions.assertIntact(assent, run);
    return assent.runCard(run).calls().getFirst().call();
  }

  private String told() {
    return assent.runCard(run).calls().getFirst().resultText();
  }

  private List<String> happened() throws IOException {
    File file = outside().toFile();
    return file.exists() ? Files.readAllLines(outside()) : List.of();
  }

  @Test // nothing was under way
  @Tag("A13")
  @Tag("X9")
  void whileAQuestionIsOpen() throws Exception {
    killedAt("before USER_INPUT", "book", BOOK);

    says(waitsFor(RequirementKind.USER_INPUT), Answer.text("no"));

    assertThat(completes().status()).isEqualTo(CallStatus.SUCCEEDED);
    assertThat(told()).isEqualTo("booked 5, breakfast no");
    assertThat(happened()).containsExactly("booked 5");
  }

  @Test // a read-only body starts again with the answer that it had
  @Tag("X33")
  void withTheAnswerInTheHandsOfAReadOnlyBody() throws Exception {
    killedAt("after the look's answer", "look", "{\"what\":\"it\"}");

    assertThat(completes().status()).isEqualTo(CallStatus.SUCCEEDED);
    assertThat(told()).isEqualTo("seen it yes");
  }

  @Test
  @Tag("X9")
  @Tag("X65")
  void inAStepBeforeItsEffect() throws Exception {
    killedAt("before the effect", "book", BOOK);
    assertThat(happened()).isEmpty();

    says(waitsFor(RequirementKind.RECONCILIATION), Answer.didNotHappen());
    says(waitsFor(RequirementKind.USER_INPUT), Answer.text("no"));

    completes();
    assertThat(happened()).containsExactly("booked 5");
  }

  @Test
  @Tag("X9")
  void inAStepAfterItsEffect() throws Exception {
    killedAt("after the effect", "book", BOOK);

    says(waitsFor(RequirementKind.RECONCILIATION), Answer.happened("booked, says the hotel"));

    completes();
    assertThat(told()).isEqualTo("booked, says the hotel");
    assertThat(happened()).containsExactly("booked 5");
  }

  @Test // the step before is kept, whatever became of the rest
  @Tag("A13")
  void withTheAnswerInTheHandsOfABodyThatChangesSomething() throws Exception {
    killedAt("after the answer", "book", BOOK);

    says(waitsFor(RequirementKind.RECONCILIATION), Answer.didNotHappen());

    completes();
    assertThat(told()).isEqualTo("booked 5, breakfast yes");
    assertThat(happened()).containsExactly("booked 5");
  }

  @Test // who has begun outside goes on outside, whatever becomes of the process
  @Tag("C5")
  void whileSomebodyWorksOutside() throws Exception {
    killedAt("decided EXTERNAL_EXECUTION", "move", "{\"where\":\"left\"}");

    Requirement taken = waitsFor(RequirementKind.EXTERNAL_EXECUTION);
    assertThat(taken.takenBy()).isEqualTo("ada");
    says(taken, Answer.result("moved 3 m"));

    completes();
    assertThat(told()).isEqualTo("moved 3 m");
  }
}
