package dev.assent.core;

/** What a name that ends up in a key, a log line or an address may look like. */
final class Names {
  private static final int LONGEST = 96;

  private Names() {}

  static String check(String what, String value) {
    if (value.isEmpty() || value.length() > LONGEST) {
      throw new IllegalArgumentException(
          what + " must have 1 to " + LONGEST + " characters, it has " + value.length());
    }
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c <= ' ' || c > '~') {
        throw new IllegalArgumentException(
            what + " may hold visible ASCII only; at " + i + " stands " + SafeText.of(value));
      }
    }
    return value;
  }
}
