package dev.assent.scenarios;

import dev.assent.runtime.Agent;
import dev.assent.testkit.Effects;
import dev.assent.testkit.Scenario;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.ScriptedPerson;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;

/** Stories about one agent with these tools, each played in a {@link StoryWorld}. */
@Timeout(240)
abstract class Stories {
  @Parameter StoryWorld world;
  @TempDir Path folder;

  /** What happened outside in the play that is under way. */
  volatile Effects effects;

  /** The tools of the agent, which tell these what they do. */
  abstract Object tools(Effects effects);

  /** The agent is asked to go, and goes by this script. */
  final Scenario.Builder story(
      String name, Consumer<ScriptedModel> model, ScriptedPerson... people) {
    return story(name, UnaryOperator.identity(), model, people);
  }

  /** The same with more about the agent. */
  final Scenario.Builder story(
      String name,
      UnaryOperator<Agent.Builder> agent,
      Consumer<ScriptedModel> model,
      ScriptedPerson... people) {
    return Scenario.named(name)
        .agent(
            stage -> {
              effects = stage.effects();
              return agent
                  .apply(Agent.named("bot").model(stage.model()).tools(tools(effects)))
                  .build();
            })
        .model(model)
        .people(people)
        .starts("bot", "Go.");
  }

  final void plays(Scenario.Builder story) {
    world.plays(story.build(), folder);
  }
}
