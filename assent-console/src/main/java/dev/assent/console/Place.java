package dev.assent.console;

/** Tells people how far they are in what waits. Not thread-safe. */
final class Place {
  private int answered;
  private int passedOver;
  private int total;

  /**
   * The next one comes up.
   *
   * @param left how many wait now, this one and those passed over included
   * @return such as {@code 1 of 3}; empty when it is the only one
   */
  String next(int left) {
    if (answered + passedOver >= total) {
      answered = 0;
      passedOver = 0;
    }
    total = answered + Math.max(1, left);
    return total > 1 ? Math.min(answered + passedOver + 1, total) + " of " + total : "";
  }

  /** It waits no more. */
  void answered() {
    answered++;
  }

  /** It still waits. */
  void passedOver() {
    passedOver++;
  }
}
