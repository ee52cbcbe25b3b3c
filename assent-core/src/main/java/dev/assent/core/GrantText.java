package dev.assent.core;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.stream.Collectors;

/** Says in plain words what a grant allows: this text is what a person confirms. Stateless. */
public final class GrantText {
  private GrantText() {}

  /**
   * The text.
   *
   * @param agent whose call was approved
   * @param approved the arguments that were approved
   */
  public static String of(String agent, String tool, JsonObject approved, GrantScope scope) {
    StringBuilder text = new StringBuilder("Besides this call, ").append(agent);
    if (!scope.alsoFor().isEmpty()) {
      text.append(" and ").append(String.join(", ", scope.alsoFor()));
    }
    text.append(" may call ").append(tool).append(" without asking again ").append(reach(scope));
    text.append(" until ").append(scope.until().truncatedTo(ChronoUnit.SECONDS));
    Integer uses = scope.uses();
    text.append(
        uses == null ? ", any number of times" : uses == 1 ? ", once" : ", " + uses + " times");
    text.append(arguments(approved, scope));
    GrantScope.Budget budget = scope.budget();
    if (budget != null) {
      text.append(". Over any ")
          .append(words(budget.window()))
          .append(" the sum of ")
          .append(budget.argument())
          .append(" stays at most ")
          .append(budget.most());
    }
    return text.append('.').toString();
  }

  private static String reach(GrantScope scope) {
    return switch (scope.reach()) {
      case RUN -> "in this run";
      case SESSION -> "in this session";
      case AGENT -> "in any run, whoever starts it,";
    };
  }

  private static String arguments(JsonObject approved, GrantScope scope) {
    return switch (scope.arguments()) {
      case GrantScope.Arguments.Exact same ->
          ", with exactly these arguments: " + CanonicalJson.text(approved);
      case GrantScope.Arguments.Anything any -> ", WITH ANY ARGUMENTS";
      case GrantScope.Arguments.Matching matching -> {
        Map<String, ArgumentRule> rules = matching.rules();
        yield rules.isEmpty()
            ? ", without arguments"
            : ", where "
                + rules.entrySet().stream()
                    .map(rule -> rule.getKey() + " " + rule.getValue().inWords())
                    .collect(Collectors.joining("; "))
                + "; and there is no other argument";
      }
    };
  }

  private static String words(Duration window) {
    long seconds = window.toSeconds();
    if (seconds % 86_400 == 0) {
      return count(seconds / 86_400, "day");
    }
    if (seconds % 3_600 == 0) {
      return count(seconds / 3_600, "hour");
    }
    return seconds % 60 == 0 ? count(seconds / 60, "minute") : count(seconds, "second");
  }

  private static String count(long number, String unit) {
    return number == 1 ? "1 " + unit : number + " " + unit + "s";
  }
}
