package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The parameter gets a named value of the agent or the process, or what is computed under that
 * name. The model neither sees nor gives it, and nobody approves it: let it carry what the method
 * works with, a client or a clock, and put what the call is about into arguments or a {@link
 * Variable}.
 */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Inject {
  /** The name; the parameter's own name when empty. */
  String value() default "";
}
