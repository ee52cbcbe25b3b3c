package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Makes a method a tool that agents may call. Its parameters are the arguments. */
@Documented
@Target(ElementType.METHOD)
@Retention(RetentionPolicy.RUNTIME)
public @interface Tool {
  /** How it is addressed; the method's name when empty. */
  String name() default "";

  /** What the model reads. */
  String value();

  /** What executing it does outside. */
  Effect effect() default Effect.AT_MOST_ONCE;

  /**
   * Names the effect from the arguments, for example {@code invoice:{invoice_id}}; may be empty.
   */
  String effectKey() default "";

  /** True when it neither waits for other calls of its batch nor holds them up. */
  boolean independent() default false;

  /** How long one attempt may take, as an ISO-8601 duration. */
  String timeLimit() default "PT1M";

  /**
   * Names a method of the same class that says what a call would do, without doing it: shown before
   * a person approves, and asked again just before the effect. Another answer is asked about again.
   * It takes some of the tool's parameters, by their names; may be empty.
   */
  String preview() default "";

  /**
   * Names a method of the same class that says in which state the world is that the decision is
   * about, a balance or a version: as {@link #preview}, but not shown.
   */
  String precondition() default "";

  /** Raise it when the tool comes to do something else: pending approvals are asked again. */
  String version() default "";
}
