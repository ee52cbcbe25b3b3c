package dev.assent.testkit;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunId;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunRequest;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A play of a scenario under way: what its steps work on. Used by one thread. */
public final class Scene {
  private static final int MOST_ROUNDS = 1_000;

  private final Stage stage;
  private final List<ScriptedPerson> people;
  private final boolean findsOut;
  private @Nullable ScenarioWorld world;
  private @Nullable RunId run;

  /**
   * @param findsOut true when a doubt without a rule is answered by looking at the effects
   */
  Scene(Stage stage, List<ScriptedPerson> people, boolean findsOut) {
    this.stage = stage;
    this.people = List.copyOf(people);
    this.findsOut = findsOut;
  }

  void in(ScenarioWorld next) {
    this.world = next;
  }

  /** Clock, model and effects of this play. */
  public Stage stage() {
    return stage;
  }

  /** Where it is played now. */
  public ScenarioWorld world() {
    if (world == null) {
      throw new IllegalStateException("the scene has no world yet");
    }
    return world;
  }

  /**
   * The run.
   *
   * @throws AssertionError when no step has started one
   */
  public RunId run() {
    if (run == null) {
      throw new AssertionError("no run was started; let the first step be starts(…)");
    }
    return run;
  }

  /** The run as it is now. */
  public SeenRun see() {
    return world().see(run());
  }

  void start(String agent, String message) {
    run =
        world()
            .start(
                new RunRequest(agent, message, null, null, Map.of(), "the-run-of-this-scenario"));
    world().rest(run);
  }

  /**
   * Waits until the run rests, lets everybody answer once what is open then, and waits again; how
   * many answered.
   *
   * @throws AssertionError when nobody has a rule for something, or an answer does not count
   */
  public int answer() {
    int given = 0;
    world().rest(run());
    for (RequirementCard card : world().open(run())) {
      given += answer(card);
    }
    world().rest(run());
    return given;
  }

  private int answer(RequirementCard card) {
    boolean foreseen = false;
    for (ScriptedPerson person : people) {
      if (person.foresees(card)) {
        foreseen = true;
        Optional<DecisionRequest> said = person.answer(card);
        if (said.isPresent() && !hasSaid(person, card)) {
          send(person, card, said.get());
          return 1;
        }
      }
    }
    if (!foreseen) {
      send(people.getFirst(), card, foundOut(card).to(card));
      return 1;
    }
    return 0;
  }

  private static boolean hasSaid(ScriptedPerson person, RequirementCard card) {
    return card.decisions().stream()
        .anyMatch(
            said ->
                said.decision().principal().equals(person.principal().id())
                    && said.decision().version() == card.requirement().version());
  }

  private void send(ScriptedPerson person, RequirementCard card, DecisionRequest said) {
    world()
        .decide(card.requirement().id(), said, person.principal())
        .ifPresent(
            why -> {
              throw new AssertionError(
                  "the answer of " + person.principal().id() + " does not count: " + why);
            });
  }

  private Answer foundOut(RequirementCard card) {
    Requirement asked = card.requirement();
    if (!findsOut || asked.kind() != RequirementKind.RECONCILIATION) {
      throw new AssertionError(
          "nobody has a rule for " + ScriptedPerson.words(card) + "; give a person one, or leaves");
    }
    if (!stage.effects().attributed()) {
      throw new AssertionError(
          "nobody has a rule for the doubt about "
              + asked.tool()
              + ", and its effects do not say which call made them; use"
              + " effects.happened(context, …), or give a person reconciles(…)");
    }
    return stage
        .effects()
        .by(asked.run(), asked.call())
        .map(Answer::happened)
        .orElse(Answer.didNotHappen());
  }

  /** Everybody answers until nobody has anything to say. */
  void untilNobodyAnswers() {
    int rounds = 0;
    while (answer() > 0) {
      if (++rounds > MOST_ROUNDS) {
        throw new AssertionError("people answer for ever; " + see());
      }
    }
  }
}
