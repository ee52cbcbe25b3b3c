package dev.assent.scenarios;

import static dev.assent.scenarios.AskingTools.answer;
import static dev.assent.scenarios.AskingTools.answers;
import static dev.assent.scenarios.AskingTools.require;
import static dev.assent.scenarios.AskingTools.tool;
import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.BodyId;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.Effect;
import dev.assent.core.Form;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.RecordJson;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Question;
import dev.assent.runtime.RunStream;
import dev.assent.runtime.RunUpdate;
import dev.assent.runtime.ToolBody;
import dev.assent.runtime.UpdateId;
import dev.assent.scenarios.Desk.Habit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A secret is the tool's alone, and gone when the call has ended.
 *
 * <p>What cannot be shown here: that no copy is left in the memory of the process, in a backup, in
 * a snapshot of the file system or in cells of the disk that it has remapped.
 */
@Tag("A1")
@Timeout(60)
class AskingSecretTest {
  private static final String SECRET = "hunter2-0xC0FFEE-kolibri";

  @TempDir Path folder;
  private final List<String> got = new CopyOnWriteArrayList<>();
  private final AtomicReference<PolicyOutcome> policy =
      new AtomicReference<>(new PolicyOutcome.Allow("no rule"));
  private final List<LogLines> logs = new ArrayList<>();
  private Desk desk;

  private RunId asksForIt(Habit habit, ToolBody body) {
    logs.add(LogLines.of("ROOT"));
    desk =
        new Desk(
            habit,
            folder,
            agent ->
                agent
                    .tools(tool("login", "1", Effect.AT_MOST_ONCE, "login", List.of(), body))
                    .policy(question -> policy.get()));
    desk.model.calls(call("login", "{}")).says("End.");
    return desk.run("Go");
  }

  private ToolBody login() {
    return (context, arguments) -> {
      got.add(context.askSecret("Password?"));
      return "logged in";
    };
  }

  private Requirement question(RunId run) {
    return desk.waitsFor(run, RequirementKind.USER_INPUT);
  }

  private BodyId given(Requirement asked) {
    return desk.store.decisions(Desk.TENANT, asked.id()).getFirst().decision().value().id();
  }

  @AfterEach
  void close() {
    logs.forEach(LogLines::close);
    desk.close();
  }

  @ParameterizedTest
  @EnumSource(Habit.class)
  void nobodyButTheBodySeesIt(Habit habit) throws Exception {
    RunId run = asksForIt(habit, login());
    Requirement asked = question(run);
    assertThat(form(asked).secret()).as("not echoed").isTrue();

    answers(desk, asked, SECRET);
    desk.completes(run);

    assertThat(got).containsExactly(SECRET);
    List<String> everything = new ArrayList<>();
    desk.store
        .journal(Desk.TENANT, run, 0, 1_000)
        .forEach(entry -> entry.events().forEach(event -> everything.add(event.toString())));
    desk.store
        .audit(Desk.TENANT, 0, 1_000)
        .forEach(line -> everything.add(new String(line.recordBytes(), StandardCharsets.UTF_8)));
    desk.model.requests().forEach(request -> everything.add(request.toString()));
    for (Store.StoredMessage message :
        desk.store.messages(Desk.TENANT, desk.state(run).session())) {
      desk.store
          .body(Desk.TENANT, message.body().id())
          .ifPresent(body -> everything.add(body.text()));
    }
    everything.add(desk.assent.card(asked.id()).orElseThrow().toString());
    everything.add(desk.assent.runCard(run).toString());
    everything.add(desk.state(run).toString());
    everything.addAll(updates(run));
    logs.forEach(log -> everything.addAll(log.lines()));
    assertThat(everything).hasSizeGreaterThan(20);
    assertThat(everything).noneMatch(text -> text.contains(SECRET));
  }

  private List<String> updates(RunId run) throws Exception {
    List<String> updates = new ArrayList<>();
    try (RunStream stream = desk.assent.events(run, UpdateId.START, RunStream.Until.END)) {
      for (RunUpdate update : stream) {
        updates.add(update.toString());
      }
    }
    return updates;
  }

  private Form form(Requirement asked) {
    return RecordJson.read(
        Form.class, desk.store.body(Desk.TENANT, asked.content().id()).orElseThrow().content());
  }

  @Test // the encrypted bytes, too: neither in the file nor in its log, without any VACUUM
  void itsBytesAreOverwrittenWhenTheCallHasEnded() throws Exception {
    RunId run = asksForIt(Habit.STAYS, login());
    Requirement asked = question(run);
    policy.set(require());
    answers(desk, asked, SECRET);
    Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
    byte[] encrypted = encrypted(given(asked));
    desk.restart();
    assertThat(occurs(encrypted)).as("kept while the call is open: the scan can see it").isTrue();

    desk.answers(approval, Verdict.APPROVE, null);
    desk.completes(run);
    BodyId answer = given(asked);
    assertThat(desk.store.body(Desk.TENANT, answer)).isEmpty();
    desk.restart(); // closing the store empties its write-ahead log into the file

    assertThat(got).containsExactly(SECRET);
    assertThat(occurs(encrypted)).isFalse();
    assertThat(occurs(SECRET.getBytes(StandardCharsets.UTF_8))).isFalse();
  }

  private byte[] encrypted(BodyId body) throws SQLException {
    try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + desk.file());
        PreparedStatement statement =
            connection.prepareStatement("SELECT encrypted FROM assent_body WHERE id = ?")) {
      statement.setString(1, body.value());
      try (ResultSet found = statement.executeQuery()) {
        assertThat(found.next()).isTrue();
        return found.getBytes(1);
      }
    }
  }

  /** Looks into every file of the store: the database, its log, its lock. */
  private boolean occurs(byte[] bytes) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        if (new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1)
            .contains(new String(bytes, StandardCharsets.ISO_8859_1))) {
          return true;
        }
      }
    }
    return false;
  }

  @ParameterizedTest
  @EnumSource(Habit.class) // asked again, the call has not ended
  @Tag("A13")
  void itIsKeptWhileTheCallIsAskedAgain(Habit habit) {
    RunId run = asksForIt(habit, login());
    Requirement asked = question(run);
    policy.set(require());
    answers(desk, asked, SECRET);

    desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);

    desk.completes(run);
    assertThat(got).containsExactly(SECRET);
    assertThat(desk.store.body(Desk.TENANT, given(asked))).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Verdict.class,
      names = {"REJECT", "RESPOND"})
  void itIsErasedWhenTheCallIsNotAllowedToGoOn(Verdict verdict) {
    RunId run = asksForIt(Habit.RESTARTS, login());
    Requirement asked = question(run);
    policy.set(require());
    answers(desk, asked, SECRET);

    desk.answers(
        desk.waitsFor(run, RequirementKind.APPROVAL),
        verdict,
        verdict == Verdict.RESPOND ? "no" : null);

    desk.completes(run);
    assertThat(desk.store.body(Desk.TENANT, given(asked))).isEmpty();
    assertThat(got).isEmpty();
  }

  @Test
  void itIsErasedWhenTheRunIsCancelled() {
    RunId run = asksForIt(Habit.RESTARTS, login());
    Requirement asked = question(run);
    policy.set(require());
    answers(desk, asked, SECRET);
    desk.waitsFor(run, RequirementKind.APPROVAL);

    desk.assent.cancel(run, "ada");
    desk.assent.resume(run);

    assertThat(desk.store.body(Desk.TENANT, given(asked))).isEmpty();
  }

  @Test
  void itIsErasedWhenTheBodyFails() {
    RunId run =
        asksForIt(
            Habit.RESTARTS,
            (context, arguments) -> {
              got.add(context.askSecret("Password?"));
              throw new IllegalStateException("no such account");
            });
    Requirement asked = question(run);
    answers(desk, asked, SECRET);

    desk.completes(run);

    assertThat(desk.store.body(Desk.TENANT, given(asked))).isEmpty();
    assertThat(desk.model.lastHeard()).noneMatch(said -> said.text().contains(SECRET));
  }

  @Test // rule 5: the same key with the same secret is the same answer, without keeping it
  void aRepeatIsKnownAgainAndAWrongOneRepeatsNothing() {
    RunId run = asksForIt(Habit.STAYS, login());
    Requirement asked = question(run);

    DecisionOutcome wrong = desk.says(asked, Verdict.ANSWER, "{\"answer\":[\"" + SECRET + "\"]}");
    DecisionOutcome odd = desk.says(asked, Verdict.ANSWER, "{\"answer\":" + SECRET);
    answers(desk, asked, SECRET);

    assertThat(wrong).isInstanceOf(DecisionOutcome.Invalid.class);
    assertThat(odd).isInstanceOf(DecisionOutcome.Invalid.class);
    assertThat(wrong.toString() + odd).doesNotContain(SECRET);
    desk.completes(run);
    assertThat(desk.says(asked, Verdict.ANSWER, answer(SECRET)))
        .isInstanceOf(DecisionOutcome.AlreadyClosed.class);
  }

  @Test // the model is told that nobody answered, not what was used instead
  @Tag("B12")
  void aDeclaredSecretIsNotTold() {
    RunId run =
        asksForIt(
            Habit.RESTARTS,
            (context, arguments) -> {
              got.add(
                  context
                      .ask(
                          Question.text("Password?")
                              .within(Duration.ofHours(1))
                              .orElse(JsonObject.of(Form.ANSWER, new JsonString(SECRET)))
                              .secret())
                      .string(Form.ANSWER));
              return "logged in";
            });
    question(run);

    desk.after(Duration.ofHours(2));

    desk.completes(run);
    assertThat(got).containsExactly(SECRET);
    assertThat(desk.told()).contains("Nobody answered", "(a secret)").doesNotContain(SECRET);
  }
}
