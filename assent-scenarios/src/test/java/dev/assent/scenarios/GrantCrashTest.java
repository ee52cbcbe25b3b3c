package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.argument;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Grant;
import dev.assent.core.GrantScope;
import dev.assent.core.GrantText;
import dev.assent.core.Json;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunEvent;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.ToolContext;
import dev.assent.testkit.CrashPoints;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.SeenRun;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A grant is given and used up, with the process dying before and after each commit. */
@Timeout(240)
class GrantCrashTest {
  record Tools(Effects effects) {
    @RequiresApproval
    @Tool(value = "Pays", effectKey = "invoice:{invoice}")
    String pay(String invoice, long cents, ToolContext context) {
      effects.happened(context, "paid " + invoice + " " + cents);
      return "paid";
    }
  }

  /** Yes, and one more call of the tool, up to a sum. */
  private static DecisionRequest always(RequirementCard card) {
    Requirement asked = card.requirement();
    GrantScope scope =
        new GrantScope(
            GrantScope.Reach.RUN,
            List.of(),
            asked.createdAt().plus(Duration.ofDays(9)),
            new GrantScope.Arguments.Anything(),
            2,
            new GrantScope.Budget("cents", new JsonNumber("150"), Duration.ofDays(9)));
    String text =
        GrantText.of(asked.agent(), asked.tool(), (JsonObject) Json.parse(card.arguments()), scope);
    return new DecisionRequest(
            asked.version(), asked.digest(), Verdict.APPROVE, null, null, "always")
        .withAlways(new DecisionRequest.Always(scope, Grant.confirmation(asked, scope, text)));
  }

  private static String pays(int invoice) {
    return "{\"cents\":100,\"invoice\":\"" + invoice + "\"}";
  }

  /** The calls to which this happened. */
  private static Set<String> calls(SeenRun seen, Class<? extends RunEvent.OfCall> what) {
    return seen.events().stream()
        .filter(what::isInstance)
        .map(event -> what.cast(event).call().value())
        .collect(Collectors.toSet());
  }

  @Test
  @Tag("X13")
  void whatIsReservedIsNeitherLostNorSpentTwice() {
    Scenario story =
        Scenario.named("standing permission")
            .agent(
                stage ->
                    Agent.named("bot")
                        .model(stage.model())
                        .tools(new Tools(stage.effects()))
                        .build())
            .model(
                model ->
                    model
                        .calls(call("pay", pays(1)))
                        .calls(call("pay", pays(2)))
                        .calls(call("pay", pays(3)))
                        .says("Paid."))
            .people(
                person("ann")
                    .answers(
                        card ->
                            argument("invoice", "1").test(card)
                                && card.requirement().kind()
                                    == dev.assent.core.RequirementKind.APPROVAL,
                        GrantCrashTest::always)
                    .approves("pay", argument("invoice", "3")))
            .starts("bot", "Go.")
            .expect(
                run ->
                    assertThatRun(run)
                        .completedWith("Paid.")
                        .matches(
                            seen ->
                                calls(seen, RunEvent.GrantUsed.class).equals(Set.of("c2"))
                                    && calls(seen, RunEvent.CallGated.class)
                                        .equals(Set.of("c1", "c3")),
                            "the second ran on the grant, the third was asked about"))
            .build();

    story.play();
    CrashPoints.Report report = CrashPoints.everyCommit(story);

    assertThat(report.crashes()).isGreaterThan(report.commits());
  }
}
