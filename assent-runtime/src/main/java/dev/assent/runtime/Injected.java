package dev.assent.runtime;

import dev.assent.core.Inject;
import dev.assent.core.Json;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Variable;
import java.lang.reflect.Parameter;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/** A parameter that no caller gives. Immutable. */
sealed interface Injected {
  /** What the parameter gets in this scope. */
  @Nullable Object in(Scope scope);

  /** The scope itself. */
  record Whole(Class<?> type) implements Injected {
    @Override
    public Object in(Scope scope) {
      if (!type.isInstance(scope)) {
        throw new InjectionException("there is no " + type.getSimpleName() + " here");
      }
      return scope;
    }
  }

  /** A named value. */
  record Named(String name, Class<?> type) implements Injected {
    @Override
    public Object in(Scope scope) {
      return scope.value(name, type);
    }
  }

  /**
   * A variable of the session.
   *
   * @param otherwise its default; absent when there is none
   */
  record Shared(String name, Parameter parameter, @Nullable Json otherwise, boolean required)
      implements Injected {
    @Override
    public @Nullable Object in(Scope scope) {
      Json value = scope.variable(name).or(() -> Optional.ofNullable(otherwise)).orElse(null);
      if (value == null && required) {
        throw new InjectionException(
            "the variable '" + name + "' is not set; set it, or declare what to use otherwise");
      }
      return value == null ? null : typed(value);
    }

    private @Nullable Object typed(Json value) {
      try {
        return AnnotatedTools.read(value, parameter);
      } catch (JacksonException e) {
        throw new InjectionException(
            "the variable '" + name + "' is no " + parameter.getType().getSimpleName(), e);
      }
    }
  }

  /** What this parameter gets; empty when a caller gives it. */
  static Optional<Injected> of(Parameter parameter) {
    Inject inject = parameter.getAnnotation(Inject.class);
    Variable variable = parameter.getAnnotation(Variable.class);
    if (inject != null && variable != null) {
      throw new IllegalArgumentException(
          "parameter '" + parameter.getName() + "' is injected in two ways; choose one");
    }
    if (Scope.class.isAssignableFrom(parameter.getType())) {
      return Optional.of(new Whole(parameter.getType()));
    }
    if (inject != null) {
      return Optional.of(new Named(name(parameter, inject.value()), parameter.getType()));
    }
    return variable == null
        ? Optional.empty()
        : Optional.of(
            new Shared(
                name(parameter, variable.value()),
                parameter,
                otherwise(parameter, variable.otherwise()),
                variable.required()));
  }

  private static String name(Parameter parameter, String given) {
    if (given.isEmpty() && !parameter.isNamePresent()) {
      throw new IllegalArgumentException(
          "an injected parameter has no name; compile with -parameters, or name it in its"
              + " annotation");
    }
    return given.isEmpty() ? parameter.getName() : given;
  }

  private static @Nullable Json otherwise(Parameter parameter, String text) {
    if (text.isEmpty()) {
      return null;
    }
    if (parameter.getType() == String.class) {
      return new JsonString(text);
    }
    try {
      return Json.parse(text);
    } catch (MalformedJsonException e) {
      throw new IllegalArgumentException(
          "the default of '" + parameter.getName() + "' is no JSON: " + text, e);
    }
  }
}
