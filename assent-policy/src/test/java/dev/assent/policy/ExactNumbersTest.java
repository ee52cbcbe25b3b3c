package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static dev.assent.policy.TestingCalls.denying;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.JsonNumber;
import java.math.BigDecimal;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Numbers in conditions are the numbers of the arguments. */
class ExactNumbersTest {

  @ParameterizedTest
  @Tag("X48")
  @CsvSource(
      delimiter = '|',
      value = {
        "9007199254740993      | arguments.n > 9007199254740992",
        "9007199254740993      | arguments.n != 9007199254740992",
        "9007199254740993      | arguments.n == 9007199254740993",
        "10000.000000000000001 | arguments.n > 10000",
        "10000.000000000000001 | arguments.n > 10000.0",
        "10000.000000000000001 | arguments.n != 10000.0",
        "0.1                   | arguments.n + 0.2 == 0.3",
        "0.1                   | arguments.n * 3 == 0.3",
        "19.99                 | arguments.n * 1000 == 19990",
        "19.99                 | arguments.n - 0.99 == 19",
        "10000.00              | arguments.n == 10000",
        "1e3                   | arguments.n == 1000",
        "123456789012345678901 | arguments.n > 9223372036854775807",
        "-0.5                  | arguments.n < 0 && -arguments.n == 0.5",
        "2                     | arguments.n in [1, 2.0, 3]",
        "2.50                  | arguments.n in [2.5]"
      })
  void comparedAndReckonedWithExactly(String number, String condition) {
    Judgement judgement = denying(condition).explain(call("pay", "{\"n\":" + number.strip() + "}"));

    assertThat(judgement.word()).isEqualTo("deny");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "arguments.n / 2 > 1",
        "double(arguments.n) > 1.0",
        "arguments.n > 9007199254740993.0",
        "arguments.n > 10000.0000000000000001",
        "arguments.n > 1e300"
      })
  void whatWouldRoundIsRefusedWhenLoaded(String condition) {
    assertThatThrownBy(() -> denying(condition)).isInstanceOf(PolicyException.class);
  }

  @Test
  void anySumAndComparisonOfDecimalsIsThatOfTheDecimals() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    RulePolicy less = denying("arguments.a < arguments.b");
    RulePolicy same = denying("arguments.a == arguments.b");
    RulePolicy sum = denying("arguments.a + arguments.b == arguments.c");
    for (int i = 0; i < 2_000; i++) {
      BigDecimal a = decimal(random);
      BigDecimal b = random.nextInt(4) == 0 ? a : near(a, random);
      String arguments =
          "{\"a\":%s,\"b\":%s,\"c\":%s}"
              .formatted(a.toPlainString(), b.toPlainString(), a.add(b).toPlainString());

      assertThat(less.explain(call("pay", arguments)).word().equals("deny"))
          .as("%s, seed %d", arguments, seed)
          .isEqualTo(a.compareTo(b) < 0);
      assertThat(same.explain(call("pay", arguments)).word().equals("deny"))
          .as("%s, seed %d", arguments, seed)
          .isEqualTo(a.compareTo(b) == 0);
      assertThat(sum.explain(call("pay", arguments)).word())
          .as("%s, seed %d", arguments, seed)
          .isEqualTo(overflows(a, b) ? "require" : "deny");
    }
  }

  /** Whole numbers of 64 bits stay such: a sum beyond them is asked about. */
  private static boolean overflows(BigDecimal a, BigDecimal b) {
    return Numbers.of(a) instanceof Long
        && Numbers.of(b) instanceof Long
        && a.add(b).abs().compareTo(BigDecimal.valueOf(Long.MAX_VALUE)) > 0;
  }

  private static BigDecimal decimal(Random random) {
    int digits = 1 + random.nextInt(24);
    StringBuilder text = new StringBuilder(random.nextBoolean() ? "-" : "");
    text.append(1 + random.nextInt(9));
    for (int i = 1; i < digits; i++) {
      text.append(random.nextInt(10));
    }
    return new BigDecimal(text.toString()).movePointLeft(random.nextInt(20));
  }

  private static BigDecimal near(BigDecimal a, Random random) {
    BigDecimal step = BigDecimal.ONE.movePointLeft(random.nextInt(24));
    return random.nextBoolean() ? a.add(step) : a.subtract(step);
  }

  @Test
  void everyNumberOfJsonIsTaken() {
    Object taken = Numbers.of(new JsonNumber("1e-64").decimal());

    assertThat(Numbers.compare(taken, 0L)).isPositive();
  }
}
