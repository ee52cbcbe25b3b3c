package dev.assent.scenarios;

import static dev.assent.scenarios.Desk.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.CallStatus;
import dev.assent.core.Effect;
import dev.assent.core.Inject;
import dev.assent.core.Json;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.RunId;
import dev.assent.core.Tool;
import dev.assent.core.Variable;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Asked;
import dev.assent.runtime.Computed;
import dev.assent.runtime.Prompt;
import dev.assent.runtime.Reply;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.Scope;
import dev.assent.runtime.ToolContext;
import dev.assent.scenarios.Desk.Habit;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What tools, responders and prompts get that no caller gives them. */
@Timeout(60)
@Tag("A9")
class InjectionTest {
  @TempDir Path folder;
  private final Ledger ledger = new Ledger();
  private Desk desk;

  /** Something that tools work with. */
  static class Ledger {
    final List<String> lines = new CopyOnWriteArrayList<>();
  }

  static class Bank {
    @RequiresApproval(summary = "Pay {cents} in {region}")
    @Tool("Pays")
    String pay(
        long cents,
        @Variable String region,
        @Inject Ledger ledger,
        ToolContext context,
        Scope scope) {
      assertThat(scope).isSameAs(context);
      ledger.lines.add(context.agent() + " pays " + cents + " in " + region);
      return "paid";
    }

    @Tool(value = "Moves", independent = true)
    String move(String to, ToolContext context) {
      context.setVariable("region", Json.of(to));
      return "moved";
    }

    @Tool(value = "Counts", effect = Effect.READ_ONLY)
    String count(
        @Variable(value = "page", otherwise = "3") int page,
        @Variable(value = "currency", otherwise = "EUR") String currency,
        @Variable(required = false) String hint) {
      return page + " " + currency + " " + hint;
    }
  }

  private Desk desk(Habit habit, UnaryOperator<Agent.Builder> agent) {
    desk = new Desk(habit, folder, agent);
    return desk;
  }

  private Desk bank(Habit habit) {
    return desk(habit, agent -> agent.tools(new Bank()).value("ledger", ledger));
  }

  private RunId run(RunRequest request) {
    RunId run = desk.assent.run(request).run();
    desk.restart();
    return run;
  }

  private static RunRequest go() {
    return RunRequest.of("bot", "Go.");
  }

  private String schemaOf(String tool) {
    return desk.model.requests().getFirst().tools().stream()
        .filter(each -> each.name().equals(tool))
        .findFirst()
        .orElseThrow()
        .schema()
        .toString();
  }

  @AfterEach
  void close() {
    if (desk != null) {
      desk.close();
    }
  }

  @Nested
  class Tools {
    @Test
    void theModelSeesOnlyItsOwnArguments() {
      bank(Habit.STAYS);
      desk.model.says("Hello.");

      desk.assent.run("bot", "Hi.");

      assertThat(schemaOf("pay"))
          .contains("cents")
          .doesNotContain("region")
          .doesNotContain("ledger")
          .doesNotContain("context");
    }

    @Test // a variable is shown, approved and bound; what a tool works with is not
    void aVariableIsApprovedWithTheRest() {
      bank(Habit.RESTARTS);
      desk.model
          .calls(call("pay", "{\"cents\":5}"), call("move", "{\"to\":\"us\"}"))
          .calls(call("pay", "{\"cents\":6}"))
          .says("Done.");

      RunId run = run(go().withVariable("region", Json.of("eu")));
      Requirement shown = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(desk.text(shown)).isEqualTo("{\"cents\":5,\"region\":\"eu\"}");
      assertThat(desk.assent.card(shown.id()).orElseThrow().summary()).isEqualTo("Pay 5 in eu");
      assertThat(desk.onlyCall(run).id()).isEqualTo(shown.call());
      desk.answers(shown, Verdict.APPROVE, null);

      Requirement next = desk.waitsFor(run, RequirementKind.APPROVAL);
      assertThat(ledger.lines)
          .as("what was approved runs, although the variable is another one by now")
          .containsExactly("bot pays 5 in eu");
      assertThat(desk.text(next)).isEqualTo("{\"cents\":6,\"region\":\"us\"}");
      desk.answers(next, Verdict.APPROVE, null);
      desk.completes(run);
      assertThat(ledger.lines).containsExactly("bot pays 5 in eu", "bot pays 6 in us");
    }

    @Test
    void aPersonMayEditWhatCameFromAVariable() {
      bank(Habit.RESTARTS);
      desk.model.calls(call("pay", "{\"cents\":5}")).says("Done.");

      RunId run = run(go().withVariable("region", Json.of("eu")));
      desk.answers(
          desk.waitsFor(run, RequirementKind.APPROVAL),
          Verdict.EDIT,
          "{\"cents\":5,\"region\":\"ch\"}");

      desk.completes(run);
      assertThat(ledger.lines).containsExactly("bot pays 5 in ch");
    }

    @Test
    void theModelCannotGiveAVariable() {
      bank(Habit.STAYS);
      desk.model.calls(call("pay", "{\"cents\":5,\"region\":\"here\"}")).says("Sorry.");

      RunId run = run(go().withVariable("region", Json.of("eu")));

      desk.completes(run);
      assertThat(desk.onlyCall(run).status()).isEqualTo(CallStatus.REFUSED);
      assertThat(ledger.lines).isEmpty();
    }

    @Test
    void aVariableThatIsNotSetOrDoesNotFitRefusesTheCall() {
      bank(Habit.STAYS);
      desk.model.calls(call("pay", "{\"cents\":5}")).says("Hm.");
      RunId unset = run(go());
      assertThat(desk.onlyCall(unset).code()).isEqualTo("invalid-variables");
      assertThat(desk.told()).contains("region");

      desk.model.calls(call("pay", "{\"cents\":5}")).says("Hm.");
      RunId odd = run(go().withVariable("region", Json.parse("[1]")));
      assertThat(desk.onlyCall(odd).code()).isEqualTo("invalid-variables");
      assertThat(ledger.lines).isEmpty();
    }

    @Test
    void variablesHaveDefaults() {
      bank(Habit.STAYS);
      desk.model
          .calls(call("count", "{}"))
          .then(
              request ->
                  new dev.assent.core.Message.Assistant(
                      request.messages().getLast().text(), List.of()));

      assertThat(desk.completes(run(go().withVariable("currency", Json.of("CHF")))))
          .isEqualTo("3 CHF null");
    }

    @Test
    void whatNobodyProvidesIsAnErrorAtTheStart() {
      assertThatThrownBy(() -> desk(Habit.STAYS, agent -> agent.tools(new Bank())))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("'pay' needs 'ledger'")
          .hasMessageContaining("value(");
    }

    @Test
    void anAgentsOwnValueWinsOverThatOfTheProcess() {
      Ledger others = new Ledger();
      desk =
          new Desk(
              Habit.STAYS,
              folder,
              agent -> agent.tools(new Bank()).value("ledger", ledger),
              process -> process.value("ledger", others));
      desk.model.calls(call("pay", "{\"cents\":5}")).says("Done.");

      RunId run = run(go().withVariable("region", Json.of("eu")));
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(ledger.lines).hasSize(1);
      assertThat(others.lines).isEmpty();
    }
  }

  @Nested
  class ComputedValues {
    private final AtomicInteger made = new AtomicInteger();

    class Rates {
      String rate(@Variable(otherwise = "eu") String region, @Inject("table") Map<?, ?> table) {
        made.incrementAndGet();
        return String.valueOf(table.get(region));
      }
    }

    class Shop {
      @RequiresApproval
      @Tool("Buys")
      String buy(@Inject String rate, @Inject String twice) {
        ledger.lines.add(rate + " " + twice);
        return "bought";
      }
    }

    @ParameterizedTest
    @EnumSource(Habit.class)
    void theyUseVariablesAndEachOtherAndAreMadeOnce(Habit habit) {
      desk(
          habit,
          agent ->
              agent
                  .tools(new Shop())
                  .value("table", Map.of("eu", "1.0", "us", "1.1"))
                  .computed("rate", Computed.by(new Rates()))
                  .computed("twice", scope -> scope.value("rate", String.class) + " again"));
      desk.model.calls(call("buy", "{}")).says("Done.");

      RunId run = run(go().withVariable("region", Json.of("us")));
      assertThat(made).as("nothing is made for a call that waits").hasValue(0);
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(ledger.lines).containsExactly("1.1 1.1 again");
      assertThat(made).hasValue(1);
    }

    @Test // the body has not begun, so there is no doubt, although a person approved it
    void whatCannotBeMadeLetsNothingRun() {
      desk(
          Habit.STAYS,
          agent ->
              agent
                  .tools(new Shop())
                  .computed("rate", scope -> scope.value("twice", String.class))
                  .computed("twice", scope -> scope.value("rate", String.class)));
      desk.model.calls(call("buy", "{}")).says("Sorry.");

      RunId run = run(go());
      desk.answers(desk.waitsFor(run, RequirementKind.APPROVAL), Verdict.APPROVE, null);

      desk.completes(run);
      assertThat(desk.onlyCall(run).code()).isEqualTo("not-executed");
      assertThat(desk.told()).contains("needs itself");
      assertThat(ledger.lines).isEmpty();
    }
  }

  @Nested
  @Tag("A2")
  class Responders {
    class Clerk {
      CompletionStage<Reply> answer(
          Asked asked, @Inject Ledger ledger, @Variable(otherwise = "nobody") String boss) {
        ledger.lines.add(boss + " is asked about " + asked.tool());
        return CompletableFuture.completedFuture(Reply.reject("by order of " + boss));
      }
    }

    class Typist {
      String type(Asked asked) {
        return asked.value("ledger", Ledger.class) == ledger
                && asked.variable("region").isPresent()
                && asked.session().equals("desk")
            ? "yes"
            : "no";
      }
    }

    private void answeredBy(Object holder) {
      desk =
          new Desk(
              Habit.STAYS,
              folder,
              agent -> agent.tools(new Bank()).value("ledger", ledger),
              process -> process.responder(Responder.by(holder)));
      desk.model.calls(call("pay", "{\"cents\":5}")).says("Done.");
      desk.assent.run(
          go().inSession("desk")
              .withVariable("region", Json.of("eu"))
              .withVariable("boss", Json.of("Ada")));
    }

    @Test
    void theirMethodGetsWhatItNeeds() {
      answeredBy(new Clerk());

      assertThat(ledger.lines).containsExactly("Ada is asked about pay");
      assertThat(desk.told()).contains("by order of Ada");
    }

    @Test
    void theyFindItInWhatTheyAreAsked() {
      answeredBy(new Typist());

      assertThat(ledger.lines).containsExactly("bot pays 5 in eu");
    }

    @Test
    void whatIsNotInjectedIsAnErrorWhenTheyAreMade() {
      assertThatThrownBy(
              () ->
                  Responder.by(
                      new Object() {
                        String type(String what) {
                          return what;
                        }
                      }))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("not injected");
      assertThatThrownBy(() -> Responder.by(new Ledger()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("exactly one");
    }
  }

  @Nested
  class Prompts {
    class Greeting {
      String write(@Inject("firm") String firm, @Variable(otherwise = "eu") String region) {
        return "You work for " + firm + " in " + region + ".";
      }
    }

    private List<String> instructions() {
      return desk.model.requests().stream()
          .map(dev.assent.core.spi.Model.Request::instructions)
          .toList();
    }

    @Test
    void theyAreWrittenAnewBeforeEachTurn() {
      desk(
          Habit.RESTARTS,
          agent ->
              agent
                  .tools(new Bank())
                  .value("ledger", ledger)
                  .value("firm", "Acme")
                  .instructions(Prompt.by(new Greeting())));
      desk.model.calls(call("move", "{\"to\":\"us\"}")).says("Done.");

      run(go());

      assertThat(instructions())
          .containsExactly("You work for Acme in eu.", "You work for Acme in us.");
    }

    @Test
    void aTemplateIsFilledFromVariables() {
      desk(
          Habit.STAYS,
          agent ->
              agent.instructions(
                  Prompt.template(
                      "Serve {region} in {language}, write {\"a\": {b}}.",
                      Map.of("language", Json.of("German")))));
      desk.model.says("Hello.");

      run(go().withVariable("region", Json.of("eu {language}")));

      assertThat(instructions())
          .containsExactly("Serve eu {language} in German, write {\"a\": {b}}.");
    }
  }
}
