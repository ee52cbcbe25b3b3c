package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A person looks at the tool's result before the model gets it. */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ReviewedResult {
  /** What the person is told. */
  String message() default "";

  /** Who looks; empty means every person who can log in. */
  String role() default "";

  /**
   * How often in a row the person may ask for changes, at least once: the model is told what they
   * say and calls the tool again, which is a new call. After that they accept or replace.
   */
  int rounds() default 1;

  /** How long it can be looked at, as an ISO-8601 duration; empty means for ever. */
  String expiresAfter() default "";
}
