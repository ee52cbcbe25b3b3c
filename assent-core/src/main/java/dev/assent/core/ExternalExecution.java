package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The tool is executed outside: its method is never called, somebody brings the result. On a class
 * it holds for all of its tools.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface ExternalExecution {
  /** What whoever executes it is told. */
  String message() default "";

  /** Who may execute it; empty means everybody who can log in, services too. */
  String role() default "";

  /** How long to wait for the result, as an ISO-8601 duration; empty means for ever. */
  String expiresAfter() default "";

  /** True when the person who talks to the agent is shown nothing of it. */
  boolean silent() default false;
}
