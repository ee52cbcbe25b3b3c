package dev.assent.core;

import java.util.Locale;
import java.util.Set;

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
public record Attachment(String name, String mediaType, long size, Digest hash, BodyRef content) {
  /** Of a longer text secrets are not looked for: it takes too long for each who asks. */
  private static final long LONGEST_TEXT = 256 * 1024;

  private static final Set<String> TEXTS =
      Set.of(
          "application/json",
          "application/xml",
          "application/yaml",
          "application/x-yaml",
          "application/x-ndjson",
          "application/sql",
          "application/csv");

  /** The same, stored there. */
  public Attachment at(BodyRef where) {
    return new Attachment(name, mediaType, size, hash, where);
  }

  /**
   * True when its tool calls it a text, and it is short enough, so that secrets can be hidden in it
   * like in the arguments. Of anything else nobody can say what is in it.
   */
  public boolean text() {
    String type = mediaType.toLowerCase(Locale.ROOT);
    return size <= LONGEST_TEXT
        && (type.startsWith("text/")
            || TEXTS.contains(type)
            || type.endsWith("+json")
            || type.endsWith("+xml"));
  }

  /** True when its tool calls it JSON: it is looked at by its members. */
  public boolean json() {
    String type = mediaType.toLowerCase(Locale.ROOT);
    return type.equals("application/json") || type.endsWith("+json");
  }
}
