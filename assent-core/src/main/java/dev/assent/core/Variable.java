package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The parameter gets a variable of the session. Of a tool, it is an argument like the others,
 * except that the model neither sees nor gives it: its value is taken when the call is proposed,
 * shown, approved and bound with the rest, and the tool gets that value even if the variable
 * changes in the meantime.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Variable {
  /** The variable; the parameter's own name when empty. */
  String value() default "";

  /**
   * What is used while the variable is not set, as JSON; of a {@code String} parameter the text
   * itself. Empty means that there is no default.
   */
  String otherwise() default "";

  /** False when it may be unset without a default; the parameter is then null. */
  boolean required() default true;
}
