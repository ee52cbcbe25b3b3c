package dev.assent.core;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** Seeded generators; {@code -Dassent.seed=…} replays one. */
final class Testing {

  private Testing() {}

  /** A seed, which is printed so that a failure can be replayed. */
  static long seed() {
    long seed = Long.getLong("assent.seed", System.nanoTime());
    System.out.println("seed " + seed + " (replay with -Dassent.seed=" + seed + ")");
    return seed;
  }

  static Json json(Random random, int depth) {
    return switch (random.nextInt(depth > 0 ? 8 : 5)) {
      case 0 -> JsonNull.NULL;
      case 1 -> Json.of(random.nextBoolean());
      case 2 -> Json.of(text(random));
      case 3 -> Json.of(decimal(random));
      case 4 -> Json.of(random.nextLong());
      case 5 -> {
        List<Json> elements = new ArrayList<>();
        for (int i = random.nextInt(6); i > 0; i--) {
          elements.add(json(random, depth - 1));
        }
        yield new JsonArray(elements);
      }
      default -> {
        Map<String, Json> members = new LinkedHashMap<>();
        for (int i = random.nextInt(8); i > 0; i--) {
          members.put(text(random), json(random, depth - 1));
        }
        yield new JsonObject(members);
      }
    };
  }

  /** Any Unicode text: ASCII, controls, all planes; no lone surrogates. */
  static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(12); i > 0; i--) {
      int bound = List.of(0x20, 0x80, 0x300, 0x3000, 0x10000, 0x110000).get(random.nextInt(6));
      int codePoint = random.nextInt(bound);
      text.appendCodePoint(codePoint >= 0xD800 && codePoint <= 0xDFFF ? 'x' : codePoint);
    }
    return text.toString();
  }

  /** A decimal within the limits of {@link JsonNumber}; half of them are what a double prints. */
  static BigDecimal decimal(Random random) {
    if (random.nextBoolean()) {
      return new BigDecimal(
          Double.toString(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20)));
    }
    BigInteger digits = new BigInteger(1 + random.nextInt(200), random);
    int precision = digits.toString().length();
    int exponent = random.nextInt(100) - 50;
    BigDecimal value = new BigDecimal(digits).scaleByPowerOfTen(exponent - precision + 1);
    value = new BigDecimal(value.stripTrailingZeros().toString());
    return random.nextBoolean() ? value.negate() : value;
  }

  /** Different texts of one value. */
  static List<String> waysToWrite(BigDecimal value, Random random) {
    BigDecimal stripped = value.stripTrailingZeros();
    int shift = random.nextInt(9) - 4;
    String plain = stripped.toPlainString();
    List<String> ways = new ArrayList<>();
    ways.add(plain);
    ways.add(stripped.toString());
    ways.add(stripped.toEngineeringString().replace('E', 'e'));
    ways.add(plain.contains(".") ? plain + "000" : plain + ".000");
    ways.add(value.movePointLeft(shift).toPlainString() + "e" + shift);
    return ways;
  }
}
