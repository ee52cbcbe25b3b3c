package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Some arguments of the tool come from a person, after its approval if it needs one, and are hidden
 * from the model.
 */
@Documented
@Target({ElementType.METHOD, ElementType.TYPE})
@Retention(RetentionPolicy.RUNTIME)
public @interface UserInput {
  /** Names of the parameters; none means all of them. */
  String[] value() default {};

  /** What the person is told. */
  String message() default "";

  /** Who fills them in; empty means every person who can log in. */
  String role() default "";

  /** How long they can be filled in, as an ISO-8601 duration; empty means for ever. */
  String expiresAfter() default "";
}
