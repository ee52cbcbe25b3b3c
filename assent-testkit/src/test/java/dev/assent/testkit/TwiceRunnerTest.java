package dev.assent.testkit;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedModel.call;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class TwiceRunnerTest {
  private final ScriptedPerson ann =
      person("ann")
          .approves("careful")
          .answers(RequirementKind.USER_INPUT, "careful", Answer.text("window"))
          .answers(RequirementKind.USER_INPUT, "careless", Answer.text("window"));

  record Desks(Effects effects) {
    @Tool("Books a desk, and forgets that its body starts again")
    String careless(String day, ToolContext context) {
      effects.happened(context, "reserved " + day);
      String where = context.ask("Where?");
      effects.happened(context, "booked " + where);
      return "booked";
    }

    @RequiresApproval
    @Tool("Books a desk")
    String careful(String day, ToolContext context) throws Exception {
      context.step(
          "reserve",
          () -> {
            effects.happened(context, "reserved " + day);
            return "reserved";
          });
      String where = context.ask("Where?");
      effects.happened(context, "booked " + where);
      return "booked";
    }

    @Tool("Asks nobody")
    String silent(String day, ToolContext context) {
      effects.happened(context, "silent " + day);
      return "done";
    }
  }

  private TwiceRunner.Report run(String tool) {
    return TwiceRunner.run(Desks::new, call(tool, Map.of("day", "Monday")), ann);
  }

  @Test
  @Tag("A13")
  @DisplayName("what stands before a question is done twice")
  void whatStandsBeforeAQuestionIsDoneTwice() {
    TwiceRunner.Report report = run("careless");

    assertThat(report.starts()).isEqualTo(2);
    assertThat(report.twice()).containsExactly("reserved Monday");
    assertThat(report.once()).containsExactly("booked window");
    assertThatThrownBy(report::assertNothingTwice)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("did [reserved Monday] each time");
  }

  @Test
  @Tag("A13")
  @DisplayName("what stands in a step is done once")
  void whatStandsInAStepIsDoneOnce() {
    TwiceRunner.Report report = run("careful");

    report.assertNothingTwice();
    assertThat(report.once()).containsExactly("reserved Monday", "booked window");
    assertThatRun(report.end()).completedWith("Done.").executedOnce("careful");
  }

  @Test
  void aBodyThatAsksNobodyHasShownNothing() {
    assertThatThrownBy(run("silent")::assertNothingTwice)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("not seen to start again");
  }

  @Test
  void aPersonEditsAndResponds() {
    ScriptedModel model =
        ScriptedModel.byTurn()
            .calls(
                call("pay", Map.of("invoice", "17", "amount", 12_000)),
                call("pay", Map.of("invoice", "18", "amount", 5)))
            .says("Done.");
    try (Office office = new Office(model)) {
      office
          .ann
          .answers(
              card -> ScriptedPerson.argument("amount", 12_000).test(card),
              Answer.edit(Map.of("invoice", "17", "amount", 12)))
          .answers(RequirementKind.APPROVAL, "pay", Answer.respond("Ask again tomorrow."));
      RunResult paused = office.run();

      office.ann.answerAll(office.assent, paused.run());

      assertThatRun(office.assent, office.assent.resume(paused.run()))
          .isCompleted()
          .told("pay", "Ask again tomorrow.");
      assertThat(office.ledger).containsExactly("pay 17 12");
    }
  }
}
