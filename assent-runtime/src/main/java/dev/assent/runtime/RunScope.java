package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Requirement;
import dev.assent.core.RunId;
import dev.assent.core.RunState;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The scope of something in a run that is no tool's body. Thread-safe. */
final class RunScope implements Scope {
  private final RunId run;
  private final String agent;
  private final String session;
  private final Supplier<JsonObject> variables;
  private final Provided.In values;

  private RunScope(
      RunId run, String agent, String session, Supplier<JsonObject> variables, Provided.In values) {
    this.run = run;
    this.agent = agent;
    this.session = session;
    this.variables = variables;
    this.values = values;
  }

  /**
   * In this state of a run.
   *
   * @param variables as they are in the transition that is drafted
   */
  static RunScope of(Engine engine, RunState state, Supplier<JsonObject> variables) {
    return new RunScope(
        state.id(), state.agent(), state.session(), variables, engine.provided(state.agent()).in());
  }

  /** Around something that waits in this run. */
  static RunScope of(Engine engine, Requirement requirement) {
    return new RunScope(
        requirement.run(),
        requirement.agent(),
        requirement.session(),
        () ->
            engine
                .store()
                .run(engine.tenant(), requirement.run())
                .map(run -> variables(engine, run.state()))
                .orElse(JsonObject.empty()),
        engine.provided(requirement.agent()).in());
  }

  /** Outside of an Assent: without variables and values. */
  static RunScope outside(Requirement requirement) {
    return new RunScope(
        requirement.run(),
        requirement.agent(),
        requirement.session(),
        JsonObject::empty,
        Provided.NOTHING.in());
  }

  /** What the tools of this run's session share, as it is stored. */
  static JsonObject variables(Engine engine, RunState state) {
    @Nullable BodyRef stored = state.variables();
    return stored == null
        ? JsonObject.empty()
        : engine
            .store()
            .body(engine.tenant(), stored.id())
            .map(Body::content)
            .map(content -> (JsonObject) Json.parse(content))
            .orElse(JsonObject.empty());
  }

  @Override
  public RunId run() {
    return run;
  }

  @Override
  public String agent() {
    return agent;
  }

  @Override
  public String session() {
    return session;
  }

  @Override
  public Optional<Json> variable(String name) {
    return variables.get().find(name);
  }

  @Override
  public <T> T value(String name, Class<T> type) {
    return values.value(this, name, type);
  }
}
