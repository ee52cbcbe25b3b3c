package dev.assent.runtime;

import dev.assent.core.Attachment;

/**
 * An attachment of a request as somebody is given it. Immutable.
 *
 * @param attachment what is attached
 * @param name what to call it, as they are shown it: without secrets
 * @param content the bytes that its hash says; where secrets are hidden from whoever asks, a text
 *     in which words stand for them
 * @param whole true when it is those bytes
 */
public record Attached(Attachment attachment, String name, byte[] content, boolean whole) {}
