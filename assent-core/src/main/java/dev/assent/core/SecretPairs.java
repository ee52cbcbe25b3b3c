package dev.assent.core;

import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Secrets that a name before them tells of: {@code password=…}. Stateless. */
final class SecretPairs {
  private static final int SHORTEST = 4;
  private static final int LONGEST = 4_096;
  private static final Set<String> NOTHING = Set.of("null", "none", "true", "false", "undefined");

  /** Ends of names, without what parts their words. */
  private static final List<String> NAMES =
      List.of(
          "password",
          "passwd",
          "passphrase",
          "passcode",
          "secret",
          "secretkey",
          "secretaccesskey",
          "apikey",
          "apitoken",
          "accesskey",
          "accesstoken",
          "refreshtoken",
          "authtoken",
          "sessiontoken",
          "bearertoken",
          "idtoken",
          "privatekey",
          "accountkey",
          "clientsecret",
          "cardnumber");

  private static final Set<String> WHOLE =
      Set.of("pwd", "pin", "cvv", "cvc", "otp", "authorization", "credential", "credentials");

  private static final Pattern NAMED =
      Pattern.compile(
          "(?i)(passw(?:or)?d|passphrase|passcode|(?<![a-z])pwd|(?<![a-z])pin|cvv|secret"
              + "|(?:api|access|account|private|secret)[_. -]?key"
              + "|(?:api|access|refresh|auth|session|bearer|id)[_. -]?token|credentials?)"
              + "\\\\{0,4}[\"']?[ \\t]{0,4}(?:=>|[:=])[ \\t]{0,4}(\\\\{0,4}[\"'])?");

  private SecretPairs() {}

  /** Adds what stands behind such names. */
  static void in(String text, List<SafeText.Secret> found) {
    Matcher named = NAMED.matcher(text);
    int from = 0;
    while (from <= text.length() && named.find(from)) {
      String open = named.group(2);
      int start = named.end();
      int end = open == null ? bare(text, start) : quoted(text, start, open);
      String value = text.substring(start, end);
      if (value.length() >= SHORTEST && !NOTHING.contains(value.toLowerCase(Locale.ROOT))) {
        found.add(new SafeText.Secret(start, end, kind(named.group(1))));
      }
      from = Math.max(end, named.end());
    }
  }

  /** Whether a member of this name holds a secret. */
  static boolean names(String member) {
    String plain = plain(member);
    return WHOLE.contains(plain) || NAMES.stream().anyMatch(plain::endsWith);
  }

  /** What a member of this name holds. */
  static String kind(String name) {
    String plain = plain(name);
    if (plain.endsWith("key")) {
      return "key";
    }
    if (plain.endsWith("token")) {
      return "token";
    }
    return plain.startsWith("pass") || plain.equals("pwd") ? "password" : "secret";
  }

  private static String plain(String name) {
    StringBuilder letters = new StringBuilder(name.length());
    name.toLowerCase(Locale.ROOT)
        .codePoints()
        .filter(Character::isLetterOrDigit)
        .forEach(letters::appendCodePoint);
    return letters.toString();
  }

  private static int bare(String text, int start) {
    int end = start;
    int most = Math.min(text.length(), start + LONGEST);
    while (end < most && !ends(text.charAt(end))) {
      end++;
    }
    return end;
  }

  private static boolean ends(char c) {
    return Character.isWhitespace(c) || ",;&\"'<>)}]|\\".indexOf(c) >= 0;
  }

  /** To the same quotation mark, escaped as often as the first was. */
  private static int quoted(String text, int start, String open) {
    char quote = open.charAt(open.length() - 1);
    int escapes = open.length() - 1;
    int most = Math.min(text.length(), start + LONGEST);
    int slashes = 0;
    for (int end = start; end < most; end++) {
      char c = text.charAt(end);
      if (c == quote && slashes <= escapes) {
        return end - slashes;
      }
      slashes = c == '\\' ? slashes + 1 : 0;
    }
    return most;
  }
}
