package dev.assent.runtime;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The one method of an object, all parameters of which are injected. Immutable. */
record InjectedMethod(Object holder, Method method, List<Injected> parameters) {
  /**
   * @throws IllegalArgumentException when the object does not have exactly one method of its own
   *     that is not private, or a parameter is not injected
   */
  static InjectedMethod of(Object holder) {
    List<Method> own =
        Arrays.stream(holder.getClass().getDeclaredMethods())
            .filter(each -> !each.isSynthetic())
            .filter(each -> !Modifier.isStatic(each.getModifiers()))
            .filter(each -> !Modifier.isPrivate(each.getModifiers()))
            .toList();
    if (own.size() != 1) {
      throw new IllegalArgumentException(
          holder.getClass().getName()
              + " has "
              + own.size()
              + " methods that are not private; it must have exactly one");
    }
    Method method = own.getFirst();
    method.setAccessible(true);
    return new InjectedMethod(
        holder,
        method,
        Arrays.stream(method.getParameters())
            .map(
                each ->
                    Injected.of(each)
                        .orElseThrow(
                            () ->
                                new IllegalArgumentException(
                                    "parameter '"
                                        + each.getName()
                                        + "' of "
                                        + method
                                        + " is not injected; annotate it with @Inject or"
                                        + " @Variable")))
            .toList());
  }

  /** What the method gives in this scope. */
  Object call(Scope scope) throws Exception {
    @Nullable Object[] values = parameters.stream().map(each -> each.in(scope)).toArray();
    try {
      return method.invoke(holder, values);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw e.getCause() instanceof Exception exception ? exception : e;
    }
  }
}
