package dev.assent.runtime;

import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;

/**
 * Makes ids that sort by time: 10 characters of milliseconds, 16 random ones. Thread-safe. Random
 * bytes are fetched many at once; none is used twice.
 */
final class Ids {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int TIME = 10;
  private static final int RANDOM = 16;
  private static final int FETCHED = 1_024;

  private final SecureRandom random = new SecureRandom();
  private final byte[] fetched = new byte[FETCHED];
  private int used = FETCHED;

  String next(Instant now) {
    char[] id = new char[TIME + RANDOM];
    long millis = now.toEpochMilli();
    for (int i = TIME - 1; i >= 0; i--) {
      id[i] = ALPHABET[(int) (millis & 31)];
      millis >>>= 5;
    }
    byte[] bytes = bytes(RANDOM);
    for (int i = 0; i < RANDOM; i++) {
      id[TIME + i] = ALPHABET[bytes[i] & 31];
    }
    return new String(id);
  }

  /**
   * @param count at most {@value #FETCHED}
   */
  synchronized byte[] bytes(int count) {
    if (count > FETCHED - used) {
      random.nextBytes(fetched);
      used = 0;
    }
    byte[] bytes = Arrays.copyOfRange(fetched, used, used + count);
    Arrays.fill(fetched, used, used + count, (byte) 0);
    used += count;
    return bytes;
  }
}
