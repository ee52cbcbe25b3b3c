package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms.OnExpiry;
import dev.assent.core.CallStatus;
import dev.assent.core.ExternalExecution;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.ToolContext;
import dev.assent.testkit.Effects;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/**
 * One story for each thing that time does, in the worlds whose time is the test's; behind HTTP it
 * is the machine's.
 */
@ParameterizedClass
@EnumSource(mode = Mode.EXCLUDE, names = "OVER_HTTP")
class TimedStoriesTest extends Stories {
  private static final Duration LONG = Duration.ofHours(2);

  record Tools(Effects effects) {
    @RequiresApproval(expiresAfter = "PT1H")
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice, ToolContext context) {
      effects.happened(context, "paid " + invoice);
      return "paid";
    }

    @RequiresApproval(expiresAfter = "PT1H", onExpiry = OnExpiry.CANCEL_RUN)
    @Tool(value = "Sells", effectKey = "sale:{what}")
    String sell(String what, ToolContext context) {
      effects.happened(context, "sold " + what);
      return "sold";
    }

    @RequiresApproval(expiresAfter = "PT1H", remindAfter = "PT30M", onExpiry = OnExpiry.KEEP)
    @Tool(value = "Ships", effectKey = "parcel:{parcel}")
    String ship(String parcel, ToolContext context) {
      effects.happened(context, "shipped " + parcel);
      return "shipped";
    }

    @ExternalExecution(expiresAfter = "PT1H")
    @Tool(value = "Moves the robot", effectKey = "robot:{where}")
    String move(String where) {
      throw new AssertionError("never called");
    }

    @Tool("Asks, and knows what to do without an answer")
    String paint(String room, ToolContext context) {
      String colour = context.ask("Which colour?", Duration.ofHours(1), "white");
      effects.happened(context, "painted " + room + " " + colour);
      return colour;
    }
  }

  @Override
  Object tools(Effects effects) {
    return new Tools(effects);
  }

  @Test
  @Tag("C18")
  void aDeadlineRejects() {
    plays(
        story(
                "expired",
                model -> model.calls(call("pay", "{\"invoice\":\"7\"}")).says("Too late."),
                person("ann").leaves("pay"))
            .passes(LONG)
            .always(run -> assertThatRun(run).completedWith("Too late.").neverExecuted("pay"))
            .always(
                run -> assertThat(run.calls().getFirst().status()).isEqualTo(CallStatus.EXPIRED)));
  }

  @Test
  @Tag("C18")
  void aDeadlineCancelsTheRun() {
    plays(
        story(
                "expired, and the run with it",
                model -> model.calls(call("sell", "{\"what\":\"it\"}")).says("never said"),
                person("ann").leaves("sell"))
            .passes(LONG)
            .always(run -> assertThatRun(run).isCancelled().neverExecuted("sell")));
  }

  @Test
  @Tag("C18")
  void aDeadlineIsOnlyAReminder() {
    plays(
        story(
                "kept waiting",
                model -> model.calls(call("ship", "{\"parcel\":\"9\"}")).says("Shipped."),
                person("ann").approves("ship"))
            .passes(LONG)
            .expect(run -> assertThatRun(run).completedWith("Shipped.").executedOnce("ship")));
  }

  @Test
  @Tag("C5")
  void workOutsideIsGivenUpAfterItsTime() {
    plays(
        story(
                "outside, never done",
                model -> model.calls(call("move", "{\"where\":\"left\"}")).says("Nobody moved it."),
                person("ann").leaves("move"))
            .passes(LONG)
            .always(run -> assertThatRun(run).completedWith("Nobody moved it.")));
  }

  @Test
  @Tag("B12")
  void aQuestionThatNobodyAnswersTakesItsOwnAnswer() {
    plays(
        story(
                "white",
                model -> model.calls(call("paint", "{\"room\":\"5\"}")).says("Painted."),
                person("ann").leaves("paint"))
            .passes(LONG)
            .expect(run -> assertThatRun(run).completedWith("Painted.").executedOnce("paint")));
  }
}
