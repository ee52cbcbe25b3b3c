package dev.assent.testkit;

/**
 * What one play of a scenario has for itself, outside of every process: a clock, a model, the world
 * in which effects happen. Thread-safe.
 */
public final class Stage {
  private final VirtualClock clock = VirtualClock.standing();
  private final ScriptedModel model = ScriptedModel.byTurn();
  private final Effects effects = new Effects();

  Stage() {}

  /** The clock of the store. */
  public VirtualClock clock() {
    return clock;
  }

  /** The model of the script. */
  public ScriptedModel model() {
    return model;
  }

  /** Where tools say what they did. */
  public Effects effects() {
    return effects;
  }
}
