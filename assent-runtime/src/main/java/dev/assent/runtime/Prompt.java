package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Writes an agent's instructions anew before each turn of its model. Must be thread-safe. */
@FunctionalInterface
public interface Prompt {
  /**
   * The instructions.
   *
   * @throws Exception when they cannot be had: the turn is tried again later
   */
  String write(Scope scope) throws Exception;

  /**
   * A text in which {@code {name}} stands for the session's variable of that name; a variable that
   * is not set stays as it is written.
   */
  static Prompt template(String text) {
    return template(text, Map.of());
  }

  /**
   * As {@link #template(String)}.
   *
   * @param otherwise what stands for variables that are not set
   */
  static Prompt template(String text, Map<String, Json> otherwise) {
    Map<String, Json> defaults = Map.copyOf(otherwise);
    return scope -> Template.fill(text, variables(scope, text, defaults));
  }

  /**
   * Written by the one method of this object; its parameters are injected.
   *
   * @throws IllegalArgumentException when it does not have exactly one, or it cannot be injected
   */
  static Prompt by(Object holder) {
    InjectedMethod method = InjectedMethod.of(holder);
    return scope -> String.valueOf(method.call(scope));
  }

  private static JsonObject variables(Scope scope, String text, Map<String, Json> otherwise) {
    Set<String> names = new HashSet<>(Template.names(text));
    JsonObject known = JsonObject.empty();
    for (String name : names) {
      Json value =
          scope.variable(name).or(() -> Optional.ofNullable(otherwise.get(name))).orElse(null);
      known = value == null ? known : known.with(name, value);
    }
    return known;
  }
}
