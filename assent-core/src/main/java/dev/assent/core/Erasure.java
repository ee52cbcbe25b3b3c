package dev.assent.core;

import java.time.Instant;

/**
 * That what people and models wrote in a session was destroyed with its key; what runs ended after
 * that is not meant. Immutable.
 *
 * @param by who ordered it; {@value #RETENTION} when its time was over
 */
public record Erasure(String session, String by, Instant at) {
  /** In the place of a person: the time that content is kept was over. */
  public static final String RETENTION = "retention";
}
