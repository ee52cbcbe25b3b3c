package dev.assent.web;

import dev.assent.core.spi.AccountStore.Account;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.springframework.security.crypto.bcrypt.BCryptPasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;
import org.springframework.security.crypto.password.PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder;
import org.springframework.security.crypto.password.Pbkdf2PasswordEncoder.SecretKeyFactoryAlgorithm;

/** Encodes, compares and invents passwords. Thread-safe. */
final class Passwords {
  /** The shortest password that a person may choose, in characters. */
  static final int SHORTEST = 12;

  /** The longest that is looked at, so that nobody makes us hash megabytes. */
  static final int LONGEST = 1_000;

  private static final String OURS = "pbkdf2";
  private static final String ALPHABET = "abcdefghjkmnpqrstuvwxyz23456789";
  private static final int GROUPS = 5;
  private static final int GROUP = 5;
  private static final int SALT_BYTES = 16;
  private static final int HASH_BYTES = 32;
  private static final int ITERATIONS = 600_000;
  private static final Set<String> COMMON =
      Set.of("passwordpassword", "password1234", "123456789012", "1234567890123456");

  private final SecureRandom random = new SecureRandom();
  private final PasswordEncoder encoder;
  private final String nobodys;

  Passwords() {
    this(
        new Pbkdf2PasswordEncoder(
            "", SALT_BYTES, ITERATIONS, SecretKeyFactoryAlgorithm.PBKDF2WithHmacSHA256));
  }

  /** Encodes by this one, and still knows passwords that were encoded by bcrypt. */
  Passwords(Pbkdf2PasswordEncoder ours) {
    this.encoder =
        new DelegatingPasswordEncoder(
            OURS, Map.of(OURS, ours, "bcrypt", new BCryptPasswordEncoder()));
    byte[] fitsNothing = new byte[SALT_BYTES + HASH_BYTES];
    random.nextBytes(fitsNothing);
    this.nobodys = "{" + OURS + "}" + HexFormat.of().formatHex(fitsNothing);
  }

  String hash(String password) {
    String hash = encoder.encode(password);
    if (hash == null) {
      throw new IllegalArgumentException("there is no password to encode");
    }
    return hash;
  }

  /** Takes as long for an account that does not exist. */
  boolean fits(String password, Optional<Account> account) {
    String hash = account.map(Account::passwordHash).orElse(nobodys);
    boolean fits = password.length() <= LONGEST && encoder.matches(password, hash);
    return fits && account.isPresent();
  }

  /** Why a person should not choose this one; empty when it is good enough. */
  Optional<String> weakness(String password, Account account) {
    String plain = password.toLowerCase(Locale.ROOT).strip();
    if (password.codePointCount(0, password.length()) < SHORTEST) {
      return Optional.of("It needs at least " + SHORTEST + " characters.");
    }
    if (password.length() > LONGEST) {
      return Optional.of("It may have at most " + LONGEST + " characters.");
    }
    if (plain.chars().distinct().count() < 5 || COMMON.contains(plain)) {
      return Optional.of("It is too easy to guess.");
    }
    if (plain.contains(account.name().toLowerCase(Locale.ROOT)) && account.name().length() > 3) {
      return Optional.of("It contains the name of the account.");
    }
    if (encoder.matches(password, account.passwordHash())) {
      return Optional.of("It is the one that is to be replaced.");
    }
    return Optional.empty();
  }

  /** A random password of 123 bits that a person can type. */
  String oneTime() {
    StringBuilder password = new StringBuilder();
    for (int i = 0; i < GROUPS * GROUP; i++) {
      if (i > 0 && i % GROUP == 0) {
        password.append('-');
      }
      password.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
    }
    return password.toString();
  }
}
