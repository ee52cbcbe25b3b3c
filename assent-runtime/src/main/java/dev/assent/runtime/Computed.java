package dev.assent.runtime;

/** Makes a value for each scope that needs it. Must be thread-safe. */
@FunctionalInterface
public interface Computed {
  /**
   * The value; never null. It may use variables and other values, those too that are computed.
   *
   * @throws Exception when it cannot be had: what needs it does not begin
   */
  Object in(Scope scope) throws Exception;

  /**
   * Computed by the one method of this object; its parameters are injected.
   *
   * @throws IllegalArgumentException when it does not have exactly one, or it cannot be injected
   */
  static Computed by(Object holder) {
    return InjectedMethod.of(holder)::call;
  }
}
