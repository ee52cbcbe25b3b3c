package dev.assent.scenarios;

import static dev.assent.testkit.AssentAssertions.assertThatRun;
import static dev.assent.testkit.ScriptedPerson.person;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.BodyId;
import dev.assent.core.CallStatus;
import dev.assent.core.RequirementKind;
import dev.assent.core.Tool;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Write;
import dev.assent.runtime.Agent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.ToolContext;
import dev.assent.testkit.Answer;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedModel;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** An answer that is deleted after the check of its call, and before its body is started again. */
class LostAnswerTest {
  record Tools(Effects effects) {
    @Tool("Asks, then writes")
    String write(String to, ToolContext context) {
      String subject = context.ask("Subject?");
      effects.happened(context, "wrote " + subject + " to " + to);
      return "written";
    }
  }

  /** Loses bodies that are read one by one, from the intent of an answered call on. */
  private static final class Losing {
    private final Store behind;
    private volatile boolean lost;

    private Losing(Store behind) {
      this.behind = behind;
    }

    Object invoke(Method method, Object[] arguments) throws Throwable {
      if (lost && method.getName().equals("body") && arguments[1] instanceof BodyId) {
        return Optional.empty();
      }
      try {
        Object result = method.invoke(behind, arguments);
        lost = method.getName().equals("commit") ? begins((List<?>) arguments[1]) : lost;
        return result;
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private static boolean begins(List<?> writes) {
      return writes.stream()
          .anyMatch(
              write ->
                  write instanceof Write.NextState next
                      && next.state()
                          .calls(CallStatus.EXECUTING)
                          .anyMatch(call -> !call.asked().isEmpty()));
    }
  }

  @Test
  void theBodyIsNotStartedAndThereIsNoDoubt() {
    Scenario story =
        Scenario.named("a lost answer")
            .agent(
                stage ->
                    Agent.named("bot")
                        .model(stage.model())
                        .tools(new Tools(stage.effects()))
                        .build())
            .model(
                model ->
                    model
                        .calls(ScriptedModel.call("write", "{\"to\":\"bob\"}"))
                        .says("Not written."))
            .people(person("ann").answers(RequirementKind.USER_INPUT, "write", Answer.text("Hi")))
            .starts("bot", "Go.")
            .expect(run -> assertThatRun(run).completedWith("Not written."))
            .expect(run -> assertThat(run.calls().getFirst().code()).isEqualTo("not-executed"))
            .expect(run -> assertThat(run.calls().getFirst().result()).contains("is gone"))
            .build();

    story.play(
        (name, clock) -> {
          Losing losing = new Losing(new InMemoryStore(clock));
          return (Store)
              Proxy.newProxyInstance(
                  Store.class.getClassLoader(),
                  new Class<?>[] {Store.class},
                  (proxy, method, arguments) -> losing.invoke(method, arguments));
        });
  }
}
