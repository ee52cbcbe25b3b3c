package dev.assent.testkit;

import dev.assent.core.Message;
import dev.assent.core.RunEvent;
import dev.assent.runtime.Agent;
import java.util.List;
import java.util.function.Function;

/**
 * Shows what the body of a tool that asks from inside does twice. Stateless.
 *
 * <p>Such a body is unwound by its question and starts again once there is an answer; what stands
 * before the question is done again unless it stands in a {@code context.step}. The call is played
 * as in production: through the gate, with the person answering.
 */
public final class TwiceRunner {
  private TwiceRunner() {}

  /**
   * What came of it. Immutable.
   *
   * @param starts how often the body started; 0 for a read-only tool, whose starts are not recorded
   * @param once effects that happened once, in order
   * @param twice effects that happened more than once, each named once, in order
   * @param end the run of the one call
   */
  public record Report(int starts, List<String> once, List<String> twice, SeenRun end) {
    public Report {
      once = List.copyOf(once);
      twice = List.copyOf(twice);
    }

    /**
     * Holds when the body started again and did nothing twice.
     *
     * @throws AssertionError otherwise; a body that asked nobody has shown nothing
     */
    public void assertNothingTwice() {
      if (starts < 2) {
        throw new AssertionError(
            "the body was not seen to start again: it asked nobody, or only reads; " + end);
      }
      if (!twice.isEmpty()) {
        throw new AssertionError(
            "the body started "
                + starts
                + " times and did "
                + twice
                + " each time; put what stands before a question into context.step(…)");
      }
    }
  }

  /**
   * Plays one call of a tool. Two effects of one body need different lines.
   *
   * @param tools makes the object with the annotated methods, which tells its effects
   * @param call the call to the tool, see {@link ScriptedModel#call}
   * @param people who approve it and answer its questions
   * @throws AssertionError when a person has no rule for something
   */
  public static Report run(
      Function<Effects, Object> tools, Message.Call call, ScriptedPerson... people) {
    Scenario scenario =
        Scenario.named("the body of " + call.tool())
            .agent(
                stage ->
                    Agent.named("body")
                        .model(stage.model())
                        .tools(tools.apply(stage.effects()))
                        .build())
            .model(model -> model.calls(call).says("Done."))
            .people(people)
            .starts("body", "Go.")
            .build();
    Play play = new Play(scenario, StoreFactory.inMemory(), null);
    SeenRun end = play.toTheEnd();
    Effects effects = play.stage().effects();
    List<String> lines = effects.lines().stream().distinct().toList();
    return new Report(
        (int) end.events().stream().filter(RunEvent.AttemptStarted.class::isInstance).count(),
        lines.stream().filter(line -> effects.times(line) == 1).toList(),
        lines.stream().filter(line -> effects.times(line) > 1).toList(),
        end);
  }
}
