package dev.assent.policy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** Patterns of names. */
class GlobTest {

  @Test
  void fitsWhatTheRegularExpressionFits() {
    long seed = new Random().nextLong();
    Random random = new Random(seed);
    for (int i = 0; i < 20_000; i++) {
      String pattern = letters(random, "ab*", 6);
      String name = letters(random, "ab", 7);

      assertThat(Glob.of(pattern).matches(name))
          .as("%s fits %s, seed %d", pattern, name, seed)
          .isEqualTo(Pattern.matches(pattern.replace("*", ".*"), name));
    }
  }

  private static String letters(Random random, String of, int most) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(most + 1); i > 0; i--) {
      text.append(of.charAt(random.nextInt(of.length())));
    }
    return text.toString();
  }
}
