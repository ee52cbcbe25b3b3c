package dev.assent.testkit;

import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * One story about an agent and the people who decide, told once and played anywhere: in memory, on
 * a file, over HTTP, and with a crash at any commit. Immutable; each play has a model, a clock and
 * a world outside of its own.
 *
 * <p>After the last step people answer until nobody has anything to say. Then the run is looked at.
 */
public final class Scenario {
  private final String name;
  private final List<Function<Stage, Agent>> agents;
  private final List<ScriptedPerson> people;
  private final Consumer<ScriptedModel> script;
  private final UnaryOperator<Assent.Builder> more;
  private final List<Consumer<Scene>> steps;
  private final List<Expectation> expected;
  private final List<Expectation> always;
  private final Duration restartAfter;

  private Scenario(Builder builder) {
    this.name = builder.name;
    this.agents = List.copyOf(builder.agents);
    this.people = List.copyOf(builder.people);
    this.script = builder.script;
    this.more = builder.more;
    this.steps = List.copyOf(builder.steps);
    this.expected = List.copyOf(builder.expected);
    this.always = List.copyOf(builder.always);
    this.restartAfter = builder.restartAfter;
  }

  /** Begins a scenario; the name is for messages. */
  public static Builder named(String name) {
    return new Builder(name);
  }

  /**
   * Plays it on a store in memory and checks everything that is expected.
   *
   * @throws AssertionError when something is not as expected
   */
  public SeenRun play() {
    return play(StoreFactory.inMemory());
  }

  /**
   * Plays it on a store of this factory and checks everything that is expected.
   *
   * @throws AssertionError when something is not as expected
   */
  public SeenRun play(StoreFactory stores) {
    Play play = new Play(this, stores, null);
    SeenRun end = play.toTheEnd();
    checkUndisturbed(end, play.stage());
    return end;
  }

  /**
   * Plays it in a world that somebody else makes, for example behind an HTTP API; it is closed
   * afterwards.
   *
   * @param world makes it of the stage; registers {@link #agents} of that stage
   * @throws AssertionError when something is not as expected
   */
  public SeenRun playIn(Function<Stage, ScenarioWorld> world) {
    Stage stage = newStage();
    Scene scene = new Scene(stage, people, false);
    try (ScenarioWorld made = world.apply(stage)) {
      scene.in(made);
      steps.forEach(step -> step.accept(scene));
      scene.untilNobodyAnswers();
      SeenRun end = scene.see();
      checkUndisturbed(end, stage);
      return end;
    } catch (AssertionError e) {
      throw named(e);
    }
  }

  private void checkUndisturbed(SeenRun end, Stage stage) {
    try {
      stage.model().assertNotOverrun();
      expected.forEach(each -> each.check(end));
      always.forEach(each -> each.check(end));
    } catch (AssertionError e) {
      throw named(e);
    }
  }

  private AssertionError named(AssertionError e) {
    return new AssertionError("scenario '" + name + "': " + e.getMessage(), e);
  }

  void checkAlways(SeenRun end) {
    always.forEach(each -> each.check(end));
  }

  /** The agents as this stage has them, for worlds of one's own. */
  public List<Agent> agents(Stage stage) {
    return agents.stream().map(agent -> agent.apply(stage)).toList();
  }

  Stage newStage() {
    Stage stage = new Stage();
    script.accept(stage.model());
    return stage;
  }

  String name() {
    return name;
  }

  /** Who decides, the operator first; for worlds of one's own. */
  public List<ScriptedPerson> people() {
    return people;
  }

  List<Consumer<Scene>> steps() {
    return steps;
  }

  Duration restartAfter() {
    return restartAfter;
  }

  Assent.Builder assent(Store store, Stage stage) {
    return more.apply(Play.standard(store, people).register(agents(stage).toArray(Agent[]::new)));
  }

  /** Collects the parts of a scenario. Not thread-safe. */
  public static final class Builder {
    private final String name;
    private final List<Function<Stage, Agent>> agents = new ArrayList<>();
    private final List<ScriptedPerson> people = new ArrayList<>();
    private final List<Consumer<Scene>> steps = new ArrayList<>();
    private final List<Expectation> expected = new ArrayList<>();
    private final List<Expectation> always = new ArrayList<>();
    private Consumer<ScriptedModel> script = model -> {};
    private UnaryOperator<Assent.Builder> more = builder -> builder;
    private Duration restartAfter = Duration.ofSeconds(61);

    private Builder(String name) {
      this.name = name;
    }

    /** An agent; its model is {@code stage.model()}, its tools tell {@code stage.effects()}. */
    public Builder agent(Function<Stage, Agent> made) {
      agents.add(made);
      return this;
    }

    /** What the model says, turn by turn. */
    public Builder model(Consumer<ScriptedModel> said) {
      this.script = said;
      return this;
    }

    /** Who decides; the first one is the operator, and starts the runs. */
    public Builder people(ScriptedPerson... deciding) {
      people.addAll(List.of(deciding));
      return this;
    }

    /** More about the Assent: policies, profile, directory, listeners. */
    public Builder assent(UnaryOperator<Assent.Builder> change) {
      this.more = change;
      return this;
    }

    /** A step: a run starts with this message, and goes on until it rests. */
    public Builder starts(String agent, String message) {
      return then(scene -> scene.start(agent, message));
    }

    /** A step: everybody answers once what is open. */
    public Builder answers() {
      return then(Scene::answer);
    }

    /** A step: so much time passes, and what is due by then happens. */
    public Builder passes(Duration time) {
      return then(scene -> scene.stage().clock().advance(time))
          .then(
              scene -> {
                scene.world().poll();
                scene.world().rest(scene.run());
              });
    }

    /** A step: this person wants the run to end. */
    public Builder cancels(ScriptedPerson by) {
      return then(
          scene -> {
            scene.world().cancel(scene.run(), by.principal());
            scene.world().rest(scene.run());
          });
    }

    /** A step of one's own. After a crash in it, it is taken again. */
    public Builder then(Consumer<Scene> step) {
      steps.add(step);
      return this;
    }

    /** Expected in the end when nothing crashes. */
    public Builder expect(Expectation... inTheEnd) {
      expected.addAll(List.of(inTheEnd));
      return this;
    }

    /** Expected in the end whatever crashes. */
    public Builder always(Expectation... inTheEnd) {
      always.addAll(List.of(inTheEnd));
      return this;
    }

    /**
     * How long after a crash the next process comes; 61 seconds unless said, which is longer than a
     * lease and the usual time limit of a tool. Make it longer than the longest time limit.
     */
    public Builder restartsAfter(Duration time) {
      this.restartAfter = time;
      return this;
    }

    /**
     * The scenario.
     *
     * @throws IllegalArgumentException when it has no agent, nobody to decide or no step
     */
    public Scenario build() {
      if (agents.isEmpty() || people.isEmpty() || steps.isEmpty()) {
        throw new IllegalArgumentException(
            "scenario '" + name + "' needs an agent, a person and a step");
      }
      return new Scenario(this);
    }
  }
}
