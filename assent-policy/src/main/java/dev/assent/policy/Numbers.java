package dev.assent.policy;

import java.math.BigDecimal;

/**
 * Exact numbers in conditions. Stateless.
 *
 * <p>A whole number of 64 bits is a {@link Long}. Another one is a {@link Double} when the double's
 * shortest text is that same decimal and lies below 2^53, else a {@link Decimal}. So no two
 * different numbers are ever equal, and comparing texts of doubles is comparing the decimals.
 */
final class Numbers {
  /** From here on doubles are whole, and neighbours of whole numbers that they cannot hold. */
  static final double WHOLE = 9007199254740992.0;

  /** What a result may grow to, in digits; more is no amount of anything. */
  private static final int MOST_DIGITS = 200;

  private Numbers() {}

  /** A number that neither of the other two can hold; no {@link Number}, so equal by its value. */
  record Decimal(BigDecimal exact) {
    Decimal {
      exact = exact.stripTrailingZeros();
    }
  }

  /** The number as conditions see it. */
  static Object of(BigDecimal exact) {
    BigDecimal plain = exact.stripTrailingZeros();
    if (plain.precision() > MOST_DIGITS || Math.abs(plain.scale()) > MOST_DIGITS) {
      throw new ArithmeticException("a number of too many digits");
    }
    if (plain.scale() <= 0) {
      return plain.precision() - plain.scale() <= 19 ? whole(plain) : new Decimal(plain);
    }
    double near = plain.doubleValue();
    if (Math.abs(near) < WHOLE && decimal(near).compareTo(plain) == 0) {
      return near;
    }
    return new Decimal(plain);
  }

  private static Object whole(BigDecimal plain) {
    try {
      return plain.longValueExact();
    } catch (ArithmeticException e) {
      return new Decimal(plain);
    }
  }

  /** True when a literal of a condition is the number that it looks like. */
  static boolean exact(double literal) {
    return Math.abs(literal) < WHOLE;
  }

  /** Below, equal or above; exact for all three kinds. */
  static int compare(Object a, Object b) {
    if (a instanceof Long x && b instanceof Long y) {
      return Long.compare(x, y);
    }
    if (a instanceof Double x && b instanceof Double y) {
      return x.compareTo(y + 0.0);
    }
    return exactly(a).compareTo(exactly(b));
  }

  static Object plus(Object a, Object b) {
    return of(exactly(a).add(exactly(b)));
  }

  static Object minus(Object a, Object b) {
    return of(exactly(a).subtract(exactly(b)));
  }

  static Object times(Object a, Object b) {
    return of(exactly(a).multiply(exactly(b)));
  }

  private static BigDecimal exactly(Object number) {
    if (number instanceof Long whole) {
      return BigDecimal.valueOf(whole);
    }
    if (number instanceof Double near) {
      return decimal(near);
    }
    if (number instanceof Decimal other) {
      return other.exact();
    }
    throw new ArithmeticException("not a number");
  }

  /** The decimal that the double is written as. */
  private static BigDecimal decimal(double near) {
    return new BigDecimal(Double.toString(near));
  }
}
