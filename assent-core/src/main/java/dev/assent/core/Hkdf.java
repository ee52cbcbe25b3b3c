package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives independent keys from one secret: HKDF with SHA-256.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869, HKDF</a>
 */
final class Hkdf {

  private static final int HASH_BYTES = 32;

  private Hkdf() {}

  static byte[] extract(byte[] salt, byte[] secret) {
    return hmac(salt.length == 0 ? new byte[HASH_BYTES] : salt, secret);
  }

  /** At most 255 times 32 bytes. */
  static byte[] expand(byte[] pseudoRandomKey, byte[] info, int bytes) {
    byte[] out = new byte[bytes];
    byte[] block = new byte[0];
    for (int done = 0, counter = 1; done < bytes; done += block.length, counter++) {
      byte[] input = Arrays.copyOf(block, block.length + info.length + 1);
      System.arraycopy(info, 0, input, block.length, info.length);
      input[input.length - 1] = (byte) counter;
      block = hmac(pseudoRandomKey, input);
      System.arraycopy(block, 0, out, done, Math.min(block.length, bytes - done));
    }
    return out;
  }

  static byte[] expand(byte[] pseudoRandomKey, String label) {
    return expand(pseudoRandomKey, label.getBytes(StandardCharsets.UTF_8), HASH_BYTES);
  }

  private static byte[] hmac(byte[] key, byte[] data) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(data);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HmacSHA256; every conforming one has.", e);
    }
  }
}
