package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Effect;
import dev.assent.core.JsonString;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What stands around the work of an agent, and the approval that a tool declares. */
@Timeout(30)
class MiddlewareTest {
  private final ScriptedModel model = new ScriptedModel();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final Queue<String> typed = new ArrayDeque<>();

  class Tools {
    @Tool("Sends")
    String send(String to) {
      log.add("sent " + to);
      return "sent " + to;
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look() {
      log.add("looked");
      return "seen";
    }
  }

  private RunResult run(UnaryOperator<Agent.Builder> more) {
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .operator(Principal.person("ada"))
            .register(more.apply(Agent.named("bot").model(model).tools(new Tools())).build())
            .responder(
                Responder.typed(
                    each -> {
                      asked.add(each.prompt());
                      return typed.remove();
                    }))
            .start()) {
      return assent.run("bot", "Go.");
    }
  }

  private static Message.Call send(String to) {
    return call("s-" + to, "send", "{\"to\":\"" + to + "\"}");
  }

  private String told() {
    return model.requests.getLast().messages().getLast().text();
  }

  private Middleware noting(String name) {
    return new Middleware() {
      @Override
      public Model.Reply turn(
          Turn turn, Model.Request request, Next<Model.Request, Model.Reply> next)
          throws Exception {
        log.add(name + " turn " + turn.number());
        return next.proceed(request);
      }

      @Override
      public Model.Reply modelCall(
          Turn turn, Model.Request request, Next<Model.Request, Model.Reply> next)
          throws Exception {
        log.add(name + " model");
        return next.proceed(request);
      }

      @Override
      public Proposal proposal(Turn turn, Proposal proposal, Next<Proposal, Proposal> next)
          throws Exception {
        log.add(name + " proposal");
        return next.proceed(proposal);
      }

      @Override
      public String execution(ToolRun run, Body next) throws Exception {
        log.add(name + " execution");
        return next.proceed() + " by " + name;
      }

      @Override
      public Reply humanInput(Asked question, Next<Asked, Reply> next) throws Exception {
        log.add(name + " human");
        return next.proceed(question);
      }
    };
  }

  @Test
  @Tag("A8")
  @DisplayName("the first registered is outermost, around turn, model, proposal, person and tool")
  void theFirstRegisteredIsOutermost() {
    model.calls(send("bob")).says("Done.");
    typed.add("y");

    run(b -> b.middleware(noting("a")).middleware(noting("b")).approvalRequired("send"));

    assertThat(log)
        .containsExactly(
            "a turn 1",
            "b turn 1",
            "a model",
            "b model",
            "a proposal",
            "b proposal",
            "a human",
            "b human",
            "a execution",
            "b execution",
            "sent bob",
            "a turn 2",
            "b turn 2",
            "a model",
            "b model");
    assertThat(told()).isEqualTo("sent bob by b by a");
  }

  @Test
  @Tag("A8")
  @DisplayName("the agent's stands around the tool's")
  void theAgentsStandsAroundTheTools() {
    model.calls(send("bob")).says("Done.");
    ToolBinding tool =
        AnnotatedTools.of(new Tools()).stream()
            .filter(each -> each.spec().name().equals("send"))
            .findFirst()
            .orElseThrow()
            .with(noting("tool"));

    try (Assent assent =
        Assent.on(new InMemoryStore())
            .register(
                Agent.named("bot").model(model).middleware(noting("agent")).tools(tool).build())
            .start()) {
      assent.run("bot", "Go.");
    }

    assertThat(told()).isEqualTo("sent bob by tool by agent");
  }

  @Test
  @Tag("A8")
  @Tag("X11")
  @DisplayName("what the proposal ring makes of a call is what is approved and what runs")
  void whatIsProposedIsWhatIsApproved() {
    model.calls(send("bob")).says("Done.");
    typed.add("y");

    run(
        b ->
            b.approvalRequired("send")
                .middleware(
                    new Middleware() {
                      @Override
                      public Proposal proposal(
                          Turn turn, Proposal proposal, Next<Proposal, Proposal> next)
                          throws Exception {
                        return next.proceed(proposal.withArguments("{\"to\":\"bob@acme\"}"));
                      }

                      @Override
                      public String execution(ToolRun run, Body next) throws Exception {
                        run.arguments().with("to", new JsonString("eve"));
                        return next.proceed();
                      }
                    }));

    assertThat(asked.getFirst()).contains("bob@acme");
    assertThat(log).containsExactly("sent bob@acme");
    assertThat(model.requests.getLast().messages())
        .filteredOn(Message.Assistant.class::isInstance)
        .first()
        .extracting(each -> ((Message.Assistant) each).calls().getFirst().arguments())
        .isEqualTo("{\"to\":\"bob\"}");
  }

  @Test
  @Tag("A8")
  @DisplayName("a refused proposal goes back to the model, and nobody is asked")
  void aRefusedProposalGoesBackToTheModel() {
    model.calls(send("bob")).says("Done.");

    run(
        b ->
            b.approvalRequired("send")
                .middleware(
                    new Middleware() {
                      @Override
                      public Proposal proposal(
                          Turn turn, Proposal proposal, Next<Proposal, Proposal> next) {
                        return proposal.refused("Not to strangers.");
                      }
                    }));

    assertThat(told()).isEqualTo("Not to strangers.");
    assertThat(asked).isEmpty();
    assertThat(log).isEmpty();
  }

  private Middleware twice(List<Throwable> thrown) {
    return new Middleware() {
      @Override
      public String execution(ToolRun run, Body next) throws Exception {
        String first = next.proceed();
        try {
          return next.proceed();
        } catch (IllegalStateException e) {
          thrown.add(e);
          return first;
        }
      }
    };
  }

  @Test
  @Tag("A8")
  @DisplayName("a tool with an effect runs once, however often it is proceeded with")
  void aToolWithAnEffectRunsOnce() {
    List<Throwable> thrown = new CopyOnWriteArrayList<>();
    model.calls(send("bob"), call("l", "look", "{}")).says("Done.");

    run(b -> b.middleware(twice(thrown)));

    assertThat(thrown).hasSize(1);
    assertThat(log).containsExactlyInAnyOrder("sent bob", "looked", "looked");
  }

  @Test
  @Tag("A8")
  @DisplayName("what is kept of an execution opens no way to the tool afterwards")
  void theWayToTheToolIsClosedAfterwards() {
    AtomicReference<Middleware.Body> kept = new AtomicReference<>();
    model.calls(call("l", "look", "{}")).says("Done.");

    run(
        b ->
            b.middleware(
                new Middleware() {
                  @Override
                  public String execution(ToolRun run, Body next) {
                    kept.set(next);
                    return "answered without it";
                  }
                }));

    assertThat(told()).isEqualTo("answered without it");
    assertThatThrownBy(() -> kept.get().proceed()).isInstanceOf(IllegalStateException.class);
    assertThat(log).isEmpty();
  }

  @Test
  @Tag("A5")
  @Tag("A6")
  @DisplayName("the default prompt has four lines, the denied text is the document's")
  void theDefaultPromptAndTheDeniedText() {
    model.calls(send("{tool_name}")).says("Done.");
    typed.add("no not now");

    run(b -> b.approvalRequired("send"));

    assertThat(asked)
        .containsExactly(
            "Agent tries to call tool:\n`send`, {\"to\":\"{tool_name}\"}\nPlease approve or deny"
                + " this request.\nY/N?");
    assertThat(told()).isEqualTo("User denied the tool call request: not now");
  }

  @Test
  @Tag("A5")
  @DisplayName("a template of one's own, whose other braces do no harm; strict denies at once")
  void aTemplateOfOnesOwn() {
    model.calls(send("bob")).says("Done.");
    typed.add("maybe");

    run(
        b ->
            b.approvalRequired(
                "send",
                ApprovalRequired.standard()
                    .prompt("{x} {} {tool_name}: {tool_arguments}?")
                    .denied("They said no")
                    .strict()));

    assertThat(asked).containsExactly("{x} {} send: {\"to\":\"bob\"}?");
    assertThat(told()).isEqualTo("They said no: maybe");
    assertThat(log).isEmpty();
  }

  @Test
  @Tag("A5")
  @Tag("A6")
  @DisplayName("always holds for the same arguments in the same run, and for no others")
  void alwaysHoldsForTheSameArguments() {
    model.calls(send("bob")).calls(send("bob")).calls(send("eve")).says("Done.");
    typed.addAll(List.of("Always", "n"));

    run(b -> b.approvalRequired("send", ApprovalRequired.standard().always()));

    assertThat(asked).hasSize(2);
    assertThat(asked.getFirst()).endsWith("\nY/N/Always?");
    assertThat(asked.getLast()).contains("eve");
    assertThat(log).containsExactly("sent bob", "sent bob");
  }

  @Test
  @Tag("A5")
  @DisplayName("always is not understood where it is not offered")
  void alwaysIsOff() {
    model.calls(send("bob")).says("Done.");
    typed.addAll(List.of("always", "a", "always", "y"));

    RunResult end = run(b -> b.approvalRequired("send"));

    assertThat(((RunResult.Failed) end).code()).isEqualTo(ChannelFailure.Unanswered.CODE);
    assertThat(log).isEmpty();
  }
}
