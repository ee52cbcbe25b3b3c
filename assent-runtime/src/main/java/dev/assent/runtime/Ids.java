package dev.assent.runtime;

import java.security.SecureRandom;
import java.time.Instant;

/** Makes ids that sort by time: 10 characters of milliseconds, 16 random ones. Thread-safe. */
final class Ids {
  private static final char[] ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz".toCharArray();
  private static final int TIME = 10;
  private static final int RANDOM = 16;

  private final SecureRandom random = new SecureRandom();

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

  byte[] bytes(int count) {
    byte[] bytes = new byte[count];
    random.nextBytes(bytes);
    return bytes;
  }
}
