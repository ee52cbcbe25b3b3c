package dev.assent.runtime;

import dev.assent.core.Attachment;

/** A document of a request with its bytes, which are those that its hash says. Immutable. */
public record Attached(Attachment attachment, byte[] content) {}
