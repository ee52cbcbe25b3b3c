package dev.assent.runtime;

import java.lang.invoke.MethodType;

/** Says of primitive types what holds their values. Stateless. */
final class Types {
  private Types() {}

  @SuppressWarnings("unchecked") // an int's box is what Class<Integer> and int.class both mean
  static <T> Class<T> boxed(Class<T> type) {
    return (Class<T>) MethodType.methodType(type).wrap().returnType();
  }
}
