package dev.assent.console;

import dev.assent.core.ArgumentRule;
import dev.assent.core.DecisionRequest;
import dev.assent.core.GrantScope;
import dev.assent.core.Json;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.SafeText;
import dev.assent.runtime.GrantOffer;
import dev.assent.runtime.RequirementCard;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Asks what else is to be allowed beside an approval, shows what that would be, and takes the yes
 * to exactly that. Not thread-safe, used once.
 */
final class AlwaysInput {
  private static final int SPACE = ' ';
  private static final String UP_TO = "<=";
  private static final int MOST_HOURS = 366 * 24;

  private final Tty tty;
  private final Keys keys;
  private final RequirementCard card;
  private final Function<GrantScope, GrantOffer> offers;

  AlwaysInput(
      Tty tty, Keys keys, RequirementCard card, @Nullable Function<GrantScope, GrantOffer> offers) {
    this.tty = tty;
    this.keys = keys;
    this.card = card;
    this.offers = Objects.requireNonNull(offers);
  }

  /** What was confirmed; empty when the person went back. */
  Optional<DecisionRequest.Always> read() throws Keys.WithdrawnException, Keys.LeftException {
    GrantScope.Reach reach = reach();
    GrantScope.Arguments arguments = reach == null ? null : arguments();
    Long hours =
        arguments == null ? null : number("For how many hours? Enter means 8.", 8, MOST_HOURS);
    Long uses =
        hours == null
            ? null
            : number("How many times? Enter means any number of times.", 0, GrantScope.MOST_USES);
    if (reach == null || arguments == null || hours == null || uses == null) {
      return Optional.empty();
    }
    GrantScope scope =
        new GrantScope(
            reach,
            List.of(),
            Instant.now().truncatedTo(ChronoUnit.SECONDS).plus(Duration.ofHours(hours)),
            arguments,
            uses == 0 ? null : uses.intValue(),
            null);
    return switch (offers.apply(scope)) {
      case GrantOffer.Refused refused -> {
        says("That cannot be allowed: ", refused.why());
        yield Optional.empty();
      }
      case GrantOffer.Shown shown ->
          confirmed(shown.text())
              ? Optional.of(new DecisionRequest.Always(shown.scope(), shown.digest()))
              : Optional.empty();
    };
  }

  private GrantScope.@Nullable Reach reach() throws Keys.WithdrawnException, Keys.LeftException {
    return switch (key(List.of("In this [r]un", "[s]ession", "any run of the [a]gent"), "rsa")) {
      case 'r' -> GrantScope.Reach.RUN;
      case 's' -> GrantScope.Reach.SESSION;
      case 'a' -> GrantScope.Reach.AGENT;
      default -> null;
    };
  }

  private GrantScope.@Nullable Arguments arguments()
      throws Keys.WithdrawnException, Keys.LeftException {
    List<String> labels =
        List.of("[e]xactly these arguments", "[l]ike them\u2026", "[w]ith any arguments");
    return switch (key(labels, "elw")) {
      case 'e' -> new GrantScope.Arguments.Exact();
      case 'w' -> new GrantScope.Arguments.Anything();
      case 'l' -> pattern();
      default -> null;
    };
  }

  /** One line for each argument; null when the person went back. */
  private GrantScope.@Nullable Arguments pattern()
      throws Keys.WithdrawnException, Keys.LeftException {
    Map<String, ArgumentRule> rules = new LinkedHashMap<>();
    for (Map.Entry<String, Json> argument :
        ((JsonObject) Json.parse(card.arguments())).members().entrySet()) {
      ArgumentRule rule = null;
      while (rule == null) {
        String typed =
            line(
                SafeText.of(argument.getKey())
                    + ": Enter for the same, * for anything, "
                    + UP_TO
                    + "500 for a number up to that, or a text with *");
        if (typed == null) {
          return null;
        }
        rule = rule(argument.getValue(), typed);
      }
      rules.put(argument.getKey(), rule);
    }
    return new GrantScope.Arguments.Matching(rules);
  }

  /** What was typed, as a rule; null when it is none. */
  private static @Nullable ArgumentRule rule(Json now, String typed) {
    if (typed.isEmpty()) {
      return new ArgumentRule.Equal(now);
    }
    if (typed.equals("*")) {
      return new ArgumentRule.Anything();
    }
    if (!typed.startsWith(UP_TO)) {
      return new ArgumentRule.Text(typed);
    }
    try {
      return new ArgumentRule.Range(null, new JsonNumber(typed.substring(UP_TO.length()).strip()));
    } catch (MalformedJsonException e) {
      return null;
    }
  }

  /** A whole number from 1 on; null when the person went back. */
  private @Nullable Long number(String label, long otherwise, long most)
      throws Keys.WithdrawnException, Keys.LeftException {
    while (true) {
      String typed = line(label);
      if (typed == null) {
        return null;
      }
      if (typed.isEmpty()) {
        return otherwise;
      }
      if (typed.matches("[1-9][0-9]{0,5}") && Long.parseLong(typed) <= most) {
        return Long.parseLong(typed);
      }
    }
  }

  /** Shows all of it and waits; only y, alone and at its end, is a yes. */
  private boolean confirmed(String text) throws Keys.WithdrawnException, Keys.LeftException {
    keys.drain();
    Pages pages = new Pages(tty);
    List<String> labels = List.of("[y]es, approve and allow this", "[n]o, back");
    pages.card(
        pages
            .typesetter()
            .foreignAfter(
                "This would be allowed: ", Style.STRONG, 1, SafeText.of(text), Style.PLAIN));
    pages.turn();
    pages.ask(labels);
    keys.guard();
    while (true) {
      int key = Character.toLowerCase(keys.next());
      if (key == SPACE && pages.more()) {
        pages.turn();
        pages.ask(labels);
      } else if (key == 'y' && !pages.more() && keys.alone()) {
        pages.wipePrompt();
        return true;
      } else if (key == 'n' || key == Keys.ESCAPE) {
        pages.wipePrompt();
        return false;
      }
    }
  }

  /** One of these keys; anything but them and Escape is passed over. */
  private int key(List<String> labels, String which)
      throws Keys.WithdrawnException, Keys.LeftException {
    tty.write("\n");
    Pages pages = new Pages(tty);
    pages.ask(labels);
    while (true) {
      int key = Character.toLowerCase(keys.next());
      if (which.indexOf(key) >= 0 || key == Keys.ESCAPE) {
        pages.wipePrompt();
        return key;
      }
    }
  }

  private @Nullable String line(String label) throws Keys.WithdrawnException, Keys.LeftException {
    return new LineInput(tty, keys)
        .read(new Pages(tty).typesetter().ours(1, Style.STRONG, label))
        .orElse(null);
  }

  private void says(String ours, String foreign) {
    Pages pages = new Pages(tty);
    pages.say(
        pages.typesetter().foreignAfter(ours, Style.STRONG, 1, SafeText.of(foreign), Style.PLAIN));
  }
}
