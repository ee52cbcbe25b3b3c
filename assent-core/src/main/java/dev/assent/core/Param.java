package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** Says more about an argument of a tool. Without it the parameter's name and type count. */
@Documented
@Target(ElementType.PARAMETER)
@Retention(RetentionPolicy.RUNTIME)
public @interface Param {
  /** What the model reads about it. */
  String value() default "";

  /** How it is named in the schema; the parameter's own name when empty. */
  String name() default "";

  /** False when the model may leave it out; the parameter is then null. */
  boolean required() default true;

  /**
   * True when people are not shown its value unless they ask for it, which is audited. The schema
   * then says {@code "writeOnly": true}.
   */
  boolean secret() default false;
}
