package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.AuditRecord;
import dev.assent.core.Audited;
import dev.assent.core.CallStatus;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.RunUpdate;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What tools declare, one by one, for all of a class, or for some arguments; and together. */
@Timeout(60)
class ToolkitsTest {
  @TempDir Path folder;
  private final List<String> done = new CopyOnWriteArrayList<>();
  private Desk desk;

  private void desk(Habit habit, UnaryOperator<Agent.Builder> agent) {
    desk = new Desk(habit, folder, agent);
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  @RequiresApproval(message = "Careful")
  class Careful {
    @Tool("Deletes")
    String delete(String what) {
      done.add("delete " + what);
      return "deleted";
    }

    @RequiresApproval(message = "Very careful")
    @Tool("Wipes")
    String wipe() {
      done.add("wipe");
      return "wiped";
    }
  }

  class Bank {
    @Tool("Transfers")
    String transfer(long cents) {
      done.add("transfer " + cents);
      return "transferred";
    }
  }

  @Nested
  @Tag("C1")
  class Confirmations {
    @ParameterizedTest
    @EnumSource(Habit.class)
    void whatAClassDeclaresHoldsForAllItsTools(Habit habit) {
      desk(habit, agent -> agent.tools(new Careful(), new Bank()));
      desk.model
          .calls(
              call("delete", "{\"what\":\"all\"}"),
              call("wipe", "{}"),
              call("transfer", "{\"cents\":1}"))
          .says("Done.");
      RunId run = desk.run("Clean up.");

      List<Requirement> asked = desk.waits(run);
      assertThat(asked)
          .extracting(each -> each.terms().message())
          .containsExactly("Careful", "Very careful");
      asked.forEach(each -> desk.assent.approve(Desk.ADA, each.id()));

      desk.completes(run);
      assertThat(done).containsExactly("delete all", "wipe", "transfer 1");
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void aConditionOnTheArgumentsAsksOnlyWhereItHolds(Habit habit) {
      desk(
          habit,
          agent ->
              agent
                  .tools(new Bank())
                  .approvalWhen(
                      "transfer",
                      arguments -> arguments.number("cents").toLong() > 1000,
                      ApprovalTerms.simple("large transfers")));
      desk.model
          .calls(call("transfer", "{\"cents\":1000}"))
          .calls(call("transfer", "{\"cents\":1001}"))
          .says("Done.");
      RunId run = desk.run("Transfer.");

      Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.text(asked)).isEqualTo("{\"cents\":1001}");
      assertThat(asked.terms().rule()).isEqualTo("large transfers");
      assertThat(done).containsExactly("transfer 1000");
      desk.answers(asked, Verdict.APPROVE, null);
      desk.completes(run);
      assertThat(done).containsExactly("transfer 1000", "transfer 1001");
    }
  }

  @Nested
  class Batches {
    class Office {
      @Audited
      @Tool("Notes")
      String note(String what) {
        done.add("note " + what);
        return "noted";
      }

      @RequiresApproval
      @Tool("Pays")
      String pay(String invoice) {
        done.add("pay " + invoice);
        return "paid";
      }
    }

    private List<String> audited() {
      return desk.store.audit(Desk.TENANT, 0, 1000).stream()
          .map(line -> AuditRecord.read(line.recordBytes()))
          .flatMap(line -> line.details().values().stream())
          .filter(detail -> detail.contains(" audited "))
          .toList();
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false}) // whichever of them comes first
    @Tag("X4")
    void anAuditedAndAGatedCallAreJudgedEachByItself(boolean auditedFirst) {
      desk(Habit.RESTARTS, agent -> agent.tools(new Office()));
      var note = call("note", "{\"what\":\"x\"}");
      var pay = call("pay", "{\"invoice\":\"1\"}");
      desk.model.calls(auditedFirst ? note : pay, auditedFirst ? pay : note).says("Done.");
      RunId run = desk.run("Go.");

      Requirement asked = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(asked.tool()).isEqualTo("pay");
      assertThat(done).doesNotContain("pay 1");
      assertThat(audited()).hasSize(1);
      desk.answers(asked, Verdict.REJECT, null);

      desk.completes(run);
      assertThat(done).containsExactly("note x");
    }
  }

  @Nested
  class Outside {
    @ExternalExecution(message = "On the machine")
    class Machine {
      @Tool("Drills")
      String drill(int depth) {
        throw new AssertionError("never called");
      }

      @Tool("Mills")
      String mill() {
        throw new AssertionError("never called");
      }
    }

    class Quiet {
      @ExternalExecution(silent = true)
      @Tool("Looks up what the page has at hand")
      String lookup(String key) {
        throw new AssertionError("never called");
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    @Tag("C5")
    void aWholeClassIsExecutedOutside(Habit habit) {
      desk(habit, agent -> agent.tools(new Machine()));
      desk.model.calls(call("drill", "{\"depth\":3}")).calls(call("mill", "{}")).says("Done.");
      RunId run = desk.run("Work.");

      for (String result : List.of("drilled", "milled")) {
        Requirement outside = desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION);
        assertThat(outside.terms().message()).isEqualTo("On the machine");
        desk.answers(outside, Verdict.RESULT, result);
      }

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("milled");
    }

    @ParameterizedTest
    @EnumSource(Habit.class) // whoever executes it finds it, whoever talks to the agent does not
    @Tag("C5")
    void aSilentOneIsNotShownToWhoeverTalks(Habit habit) {
      desk(habit, agent -> agent.tools(new Quiet(), new Machine()));
      desk.model
          .calls(call("lookup", "{\"key\":\"a\"}"))
          .calls(call("lookup", "{\"key\":\"b\"}"), call("mill", "{}"))
          .says("Done.");
      RunId run = desk.run("Look.");

      RunResult.Paused paused = (RunResult.Paused) desk.assent.resume(run);
      assertThat(paused.requirements()).hasSize(1);
      assertThat(paused.sentence()).isEqualTo("The run waits for nothing that you can do.");
      desk.answers(paused.requirements().getFirst(), Verdict.RESULT, "1");
      paused = (RunResult.Paused) desk.assent.resume(run);
      assertThat(paused.requirements()).hasSize(1);
      desk.answers(paused.requirements().getFirst(), Verdict.RESULT, "2");
      paused = (RunResult.Paused) desk.assent.resume(run);
      assertThat(paused.sentence()).isEqualTo("The run waits for the result of mill.");
      desk.answers(paused.requirements().getFirst(), Verdict.RESULT, "3");

      desk.completes(run);
      List<RunUpdate> updates;
      try (var stream = desk.assent.events(run)) {
        updates = StreamSupport.stream(stream.spliterator(), false).toList();
      }
      assertThat(updates)
          .filteredOn(RunUpdate.Asked.class::isInstance)
          .extracting(each -> ((RunUpdate.Asked) each).tool())
          .containsExactly("mill");
      assertThat(updates)
          .filteredOn(RunUpdate.Paused.class::isInstance)
          .flatExtracting(each -> ((RunUpdate.Paused) each).requirements())
          .extracting(each -> ((RunUpdate.Waiting) each).tool())
          .doesNotContain("lookup");
    }
  }

  @Nested
  @Tag("C21")
  class Combinations {
    class Robot {
      @RequiresApproval
      @ExternalExecution
      @Tool("Moves")
      String move(String where) {
        throw new AssertionError("never called");
      }
    }

    class Both {
      @UserInput("where")
      @ExternalExecution
      @Tool("Moves")
      String move(String where) {
        return where;
      }
    }

    class LookedAtOutside {
      @ReviewedResult
      @ExternalExecution
      @Tool("Moves")
      String move(String where) {
        return where;
      }
    }

    class LookedAtFields {
      @ReviewedResult
      @UserInput
      @Tool("Moves")
      String move(String where) {
        return where;
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void anApprovalComesBeforeTheWorkOutside(Habit habit) {
      desk(habit, agent -> agent.tools(new Robot()));
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("Done.");
      RunId run = desk.run("Move.");

      Requirement approval = desk.waitsFor(run, RequirementKind.APPROVAL);
      desk.answers(approval, Verdict.APPROVE, null);
      Requirement outside = desk.waitsFor(run, RequirementKind.EXTERNAL_EXECUTION);
      assertThat(outside.id()).isNotEqualTo(approval.id());
      desk.answers(outside, Verdict.RESULT, "moved");

      desk.completes(run);
      assertThat(desk.told()).isEqualTo("moved");
    }

    @Test
    void whatIsRejectedIsNotHandedOut() {
      desk(Habit.RESTARTS, agent -> agent.tools(new Robot()));
      desk.model.calls(call("move", "{\"where\":\"left\"}")).says("Well.");
      RunId run = desk.run("Move.");

      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.REJECT, null);

      desk.completes(run);
      assertThat(desk.store.requirementsOf(Desk.TENANT, run)).hasSize(1);
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.REJECTED);
    }

    @Test
    void whatCannotBeCombinedIsAnErrorWhenBuilt() {
      for (Object each : List.of(new Both(), new LookedAtOutside(), new LookedAtFields())) {
        assertThatThrownBy(() -> Agent.named("bot").tools(each))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("tool 'move'")
            .hasMessageContaining("choose one");
      }
    }
  }

  @Nested
  class TwoEdits {
    @ParameterizedTest
    @EnumSource(Habit.class) // each edit belongs to the requirement that it names
    @Tag("X26")
    void anEditOfOneCallLeavesTheOtherAlone(Habit habit) {
      desk(habit, agent -> agent.tools(new Careful()));
      desk.model
          .calls(call("delete", "{\"what\":\"a\"}"), call("delete", "{\"what\":\"b\"}"))
          .says("Done.");
      RunId run = desk.run("Clean up.");
      List<Requirement> asked = desk.waits(run);
      Requirement second =
          asked.stream()
              .filter(each -> desk.text(each).contains("\"b\""))
              .findFirst()
              .orElseThrow();
      Requirement first =
          asked.stream().filter(each -> !each.equals(second)).findFirst().orElseThrow();

      desk.answers(second, Verdict.EDIT, "{\"what\":\"bb\"}");
      assertThat(desk.store.requirement(Desk.TENANT, first.id())).contains(first);
      desk.answers(first, Verdict.EDIT, "{\"what\":\"aa\"}");

      desk.completes(run);
      assertThat(done).containsExactly("delete aa", "delete bb");
      assertThat(desk.assent.runCard(run).calls())
          .extracting(call -> call.arguments())
          .containsExactly("{\"what\":\"aa\"}", "{\"what\":\"bb\"}");
    }
  }
}
