package dev.assent.core;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * A SHA-256 digest: 32 bytes, written as 64 lower-case hexadecimal digits; immutable.
 *
 * <p>{@code equals} takes the same time wherever the difference is.
 *
 * @see <a href="https://doi.org/10.6028/NIST.FIPS.180-4">FIPS 180-4, SHA-256</a>
 */
public final class Digest {
  private static final MessageDigest FRESH = found();

  /** How many bytes a digest has. */
  public static final int BYTES = 32;

  private static final HexFormat HEX = HexFormat.of();

  private final byte[] bytes;

  private Digest(byte[] bytes) {
    this.bytes = bytes;
  }

  /**
   * The SHA-256 of these bytes and nothing else; use {@link #over} for anything that is signed or
   * compared.
   */
  public static Digest sha256(byte[] data) {
    return new Digest(sha256().digest(data));
  }

  /**
   * The digest of parts under a domain, which says what they are, so that no other list of parts
   * and no other domain has the same input.
   *
   * <p>Hashed are the domain in UTF-8 and then each part, each after its length as 8 bytes,
   * big-endian.
   *
   * @param domain such as {@code assent-audit-1}; not empty
   */
  public static Digest over(String domain, byte[]... parts) {
    if (domain.isEmpty()) {
      throw new IllegalArgumentException(
          "The domain is empty; name what is hashed, such as assent-audit-1.");
    }
    MessageDigest sha256 = sha256();
    frame(sha256, domain.getBytes(StandardCharsets.UTF_8));
    for (byte[] part : parts) {
      frame(sha256, part);
    }
    return new Digest(sha256.digest());
  }

  private static void frame(MessageDigest sha256, byte[] part) {
    sha256.update(ByteBuffer.allocate(Long.BYTES).putLong(0, part.length));
    sha256.update(part);
  }

  /**
   * Reads the text that {@link #hex()} writes.
   *
   * @throws IllegalArgumentException if it is not 64 lower-case hexadecimal digits
   */
  public static Digest parse(String hex) {
    if (hex.length() != 2 * BYTES || !hex.chars().allMatch(Digest::isLowerHex)) {
      throw new IllegalArgumentException(
          "Not a SHA-256 digest: \""
              + SafeText.of(hex).cut(80)
              + "\"; write 64 digits of 0-9 and a-f.");
    }
    return new Digest(HEX.parseHex(hex));
  }

  private static boolean isLowerHex(int c) {
    return c >= '0' && c <= '9' || c >= 'a' && c <= 'f';
  }

  /**
   * A digest that was computed elsewhere.
   *
   * @throws IllegalArgumentException if there are not 32 bytes
   */
  public static Digest ofBytes(byte[] bytes) {
    if (bytes.length != BYTES) {
      throw new IllegalArgumentException(
          "A SHA-256 digest has " + BYTES + " bytes, not " + bytes.length + ".");
    }
    return new Digest(bytes.clone());
  }

  /** A copy of the 32 bytes. */
  public byte[] bytes() {
    return bytes.clone();
  }

  /** 64 lower-case hexadecimal digits. */
  public String hex() {
    return HEX.formatHex(bytes);
  }

  /**
   * The first 4 bytes as {@code 7f3a-91c2}: for people to compare two screens, never for a program
   * to compare digests.
   */
  public String shortForm() {
    return HEX.formatHex(bytes, 0, 2) + "-" + HEX.formatHex(bytes, 2, 4);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Digest that && MessageDigest.isEqual(bytes, that.bytes);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(bytes);
  }

  /** {@link #hex()}. */
  @Override
  public String toString() {
    return hex();
  }

  /** A copy of one that was found once: looking it up costs more than hashing. */
  private static MessageDigest sha256() {
    try {
      return (MessageDigest) FRESH.clone();
    } catch (CloneNotSupportedException e) {
      return found();
    }
  }

  private static MessageDigest found() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("This Java has no SHA-256; every conforming one has.", e);
    }
  }
}
