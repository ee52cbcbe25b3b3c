package dev.assent.runtime;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A method that says what a call would do; it takes some of the call's arguments. Immutable. */
record MethodPreview(Object holder, Method method, List<AnnotatedTools.Argument> arguments)
    implements Preview {

  /**
   * The method of this name; absent when none is named.
   *
   * @throws IllegalArgumentException when there is not exactly one, or it takes something else
   */
  static @Nullable Preview of(
      Object holder, String tool, String what, String name, List<AnnotatedTools.Argument> known) {
    if (name.isEmpty()) {
      return null;
    }
    List<Method> named =
        Arrays.stream(holder.getClass().getDeclaredMethods())
            .filter(method -> method.getName().equals(name) && !method.isSynthetic())
            .toList();
    if (named.size() != 1) {
      throw new IllegalArgumentException(
          "tool '"
              + tool
              + "': its "
              + what
              + " is to be the method '"
              + name
              + "', and there are "
              + named.size()
              + " of that name; there must be one");
    }
    Method method = named.getFirst();
    method.setAccessible(true);
    return new MethodPreview(
        holder,
        method,
        Arrays.stream(method.getParameters()).map(p -> known(tool, what, p, known)).toList());
  }

  private static AnnotatedTools.Argument known(
      String tool, String what, Parameter parameter, List<AnnotatedTools.Argument> known) {
    AnnotatedTools.Argument own = AnnotatedTools.Argument.of(tool, parameter);
    boolean same =
        known.stream()
            .anyMatch(
                each ->
                    each.name().equals(own.name())
                        && each.parameter()
                            .getParameterizedType()
                            .equals(parameter.getParameterizedType()));
    if (!same) {
      throw new IllegalArgumentException(
          "tool '"
              + tool
              + "': its "
              + what
              + " takes '"
              + own.name()
              + "' as "
              + parameter.getParameterizedType().getTypeName()
              + ", which the tool does not");
    }
    return own;
  }

  @Override
  public Previewed look(JsonObject given) throws Exception {
    @Nullable Object[] values = new @Nullable Object[arguments.size()];
    for (int i = 0; i < values.length; i++) {
      AnnotatedTools.Argument argument = arguments.get(i);
      Json value = given.find(argument.name()).orElse(null);
      values[i] = value == null ? null : AnnotatedTools.read(value, argument.parameter());
    }
    try {
      Object said = MethodBody.awaited(method.invoke(holder, values));
      return said instanceof Previewed seen ? seen : Previewed.of(AnnotatedTools.told(said));
    } catch (InvocationTargetException e) {
      throw e.getCause() instanceof Exception cause ? cause : e;
    }
  }
}
