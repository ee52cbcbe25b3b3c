package dev.assent.core;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * What {@link RecordJson} writes as {@code "type"} before the components of this record; it is part
 * of a stored format, so it stays when the class is renamed.
 */
@Documented
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Tag {

  /** The name, unique among the records that a sealed interface permits. */
  String value();
}
