package dev.assent.core;

/**
 * A document that belongs to what a call would do: an approval covers its bytes by their hash.
 * Immutable.
 *
 * @param name as its tool calls it; no path, untrusted
 * @param mediaType as its tool says, such as {@code application/pdf}; untrusted
 * @param size in bytes
 * @param hash SHA-256 of the bytes
 * @param content where the bytes are stored
 */
public record Attachment(String name, String mediaType, long size, Digest hash, BodyRef content) {}
