package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.ExternalExecution;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Somebody who can write to the database, and has no key, wants to be one of those who may answer.
 */
@Timeout(60)
class ForgedTermsTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  /** A row as it stood once. */
  private Map<String, Object> before = Map.of();

  class Office {
    @RequiresApproval
    @Tool("Pays")
    String pay(String to) {
      done.add("paid " + to);
      return "paid";
    }

    @RequiresApproval
    @Tool("Loses")
    String lose() {
      throw new IllegalStateException("reset");
    }

    @UserInput("seat")
    @Tool("Books")
    String book(String seat) {
      done.add("booked " + seat);
      return "booked";
    }

    @Tool("Asks")
    String ask(ToolContext context) {
      context.ask("May I?");
      done.add("asked");
      return "asked";
    }

    @ExternalExecution
    @Tool("Moves")
    String move() {
      throw new AssertionError("never called");
    }

    @ReviewedResult
    @Tool("Writes")
    String write() {
      return "dear all";
    }
  }

  @BeforeEach
  void open() {
    desk = new Desk(Habit.STAYS, folder, agent -> agent.tools(new Office()));
  }

  @AfterEach
  void close() {
    desk.close();
  }

  private interface Change {
    void in(TamperedFile file) throws Exception;
  }

  private void tamper(Change change) throws Exception {
    try (TamperedFile file = TamperedFile.withoutKey(desk.file())) {
      change.in(file);
    }
    desk.restart();
  }

  private static UnaryOperator<String> forEverybody() {
    return record -> record.replace("\"approvals\":1", "\"approvals\":1,\"people\":[\"eve\"]");
  }

  private static void isRefused(String code, Requirement requirement, ThrowingCallable use) {
    assertThatThrownBy(use)
        .isInstanceOfSatisfying(StoreException.class, e -> assertThat(e.code()).isEqualTo(code))
        .hasMessageContaining(requirement.id().value())
        .hasMessageContaining(requirement.run().value())
        .hasMessageContaining("backup");
  }

  private void nobodyDecides(String code, Requirement requirement, Verdict verdict, String value) {
    isRefused(code, requirement, () -> desk.says(requirement, verdict, value));
    assertThat(desk.waits(requirement.run()))
        .as("the run still waits for it")
        .noneMatch(each -> each.digest().equals(requirement.digest()));
    isRefused(code, requirement, () -> desk.store.requirementsOf(Desk.TENANT, requirement.run()));
    assertThat(done).isEmpty();
    assertThat(
            desk.store.requirements(Desk.TENANT, Store.RequirementQuery.pending(9)).items().stream()
                .filter(each -> each.id().equals(requirement.id())))
        .as("it is listed, and nobody can agree to what is listed")
        .noneMatch(each -> each.digest().equals(requirement.digest()));
  }

  private void othersGoOn() {
    desk.model.calls(call("pay", "{\"to\":\"carol\"}")).says("Done.");
    RunId other = desk.run("Pay Carol");
    desk.answers(desk.waitsFor(other, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    assertThat(desk.completes(other)).isEqualTo("Done.");
    assertThat(done).containsExactly("paid carol");
  }

  @ParameterizedTest
  @DisplayName("made one of those who may answer")
  @CsvSource(
      nullValues = "-",
      quoteCharacter = '"',
      value = {
        "pay, \"{\"\"to\"\":\"\"bob\"\"}\", APPROVAL, APPROVE, -",
        "book, {}, USER_INPUT, ANSWER, \"{\"\"seat\"\":\"\"7a\"\"}\"",
        "ask, {}, USER_INPUT, ANSWER, \"{\"\"answer\"\":\"\"yes\"\"}\"",
        "move, {}, EXTERNAL_EXECUTION, RESULT, moved",
        "write, {}, REVIEW, ACCEPT, -"
      })
  @Tag("X39")
  void whoMayAnswer(
      String tool, String arguments, RequirementKind kind, Verdict verdict, String value)
      throws Exception {
    desk.model.calls(call(tool, arguments));
    Requirement asked = desk.waitsFor(desk.run("Do it"), kind);
    tamper(file -> file.requirement(asked, forEverybody()));

    nobodyDecides("requirement-changed", asked, verdict, value);
    othersGoOn();
  }

  @Test
  @Tag("X39")
  @DisplayName("made one of those who may settle a doubt")
  void whoMayReconcile() throws Exception {
    desk.model.calls(call("lose", "{}"));
    RunId run = desk.run("Lose it");
    desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);
    Requirement doubt = desk.waitsFor(run, RequirementKind.RECONCILIATION);
    tamper(file -> file.requirement(doubt, forEverybody()));

    nobodyDecides("requirement-changed", doubt, Verdict.DID_NOT_HAPPEN, null);
    othersGoOn();
  }

  @Test
  void aCodeTakenAway() throws Exception {
    desk.model.calls(call("pay", "{\"to\":\"bob\"}"));
    Requirement asked = desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
    tamper(
        file -> {
          file.requirement(asked, forEverybody());
          file.update("UPDATE assent_requirement SET code = NULL");
        });

    nobodyDecides("requirement-unsigned", asked, Verdict.APPROVE, null);
  }

  @Test
  @DisplayName("who edited last taken out of the row, so that they count as an approver")
  void theLastEditorTakenOut() throws Exception {
    Requirement edited = edited();
    tamper(
        file ->
            file.requirement(
                edited, record -> record.replace(",\"editedBy\":\"" + Desk.ADA.id() + "\"", "")));

    nobodyDecides("requirement-changed", edited, Verdict.APPROVE, null);
  }

  @Test
  @DisplayName("the row put back to before it was edited")
  void theRowPutBackToBeforeTheEdit() throws Exception {
    Requirement edited = edited();
    tamper(file -> file.put("requirement", edited.id().value(), before));

    nobodyDecides("requirement-rolled-back", edited, Verdict.APPROVE, null);
  }

  @Test
  @DisplayName("the row put back to before somebody began to execute the call outside")
  void theRowPutBackToBeforeItWasTaken() throws Exception {
    desk.model.calls(call("move", "{}"));
    Requirement outside = desk.waitsFor(desk.run("Move"), RequirementKind.EXTERNAL_EXECUTION);
    before = row(outside);
    desk.answers(outside, Verdict.TAKE, null);
    tamper(file -> file.put("requirement", outside.id().value(), before));

    nobodyDecides("requirement-rolled-back", outside, Verdict.TAKE, null);
    othersGoOn();
  }

  private Map<String, Object> row(Requirement requirement) throws Exception {
    try (TamperedFile file = TamperedFile.withoutKey(desk.file())) {
      return file.row("requirement", requirement.id().value());
    }
  }

  /** Ada and Bea are known. */
  static Optional<Principal> person(String id) {
    return List.of("ada", "bea").contains(id)
        ? Optional.of(Principal.person(id))
        : Optional.empty();
  }

  /** A run that Bea asked for. */
  static RunId asBea(Desk desk) {
    return desk.assent.run(RunRequest.of("bot", "Pay").by("bea")).run();
  }

  /** Edited by Ada, and not approved in the same act: somebody else has to agree. */
  private Requirement edited() throws Exception {
    desk.close();
    desk =
        new Desk(
            Habit.STAYS,
            folder,
            agent -> agent.tools(new Office()),
            builder -> builder.profile(Profile.SEPARATED).directory(ForgedTermsTest::person));
    desk.model.calls(call("pay", "{\"to\":\"bob\"}"));
    RunId run = asBea(desk);
    Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
    before = row(asked);
    desk.answers(asked, Verdict.EDIT, "{\"to\":\"mallory\"}");
    Requirement after = desk.waitsFor(run, RequirementKind.APPROVAL);
    assertThat(after.editedBy()).isEqualTo(Desk.ADA.id());
    return after;
  }

  @Test
  void theTestWouldNoticeARunThatGoesOn() throws Exception {
    desk.model.calls(call("pay", "{\"to\":\"bob\"}"));
    Requirement asked = desk.waitsFor(desk.run("Pay"), RequirementKind.APPROVAL);
    desk.model.otherwise(request -> new Message.Assistant("done", List.of()));
    tamper(file -> {});

    desk.answers(asked, Verdict.APPROVE, null);
    desk.completes(asked.run());
    assertThat(done).containsExactly("paid bob");
  }
}
