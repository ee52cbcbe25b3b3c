package dev.assent.core;

import java.time.Instant;

/**
 * That nothing of a session may be purged or erased. Immutable.
 *
 * @param by who ordered it
 * @param why in their words, encrypted under the session's key
 */
public record LegalHold(String session, String by, BodyRef why, Instant at) {}
