package dev.assent.console;

import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.GrantScope;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonPatch;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Reasons;
import dev.assent.core.Requirement;
import dev.assent.core.Risk;
import dev.assent.core.SafeText;
import dev.assent.core.Verdict;
import dev.assent.runtime.GrantOffer;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.Reveal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One card on the screen until it is answered. Not thread-safe, used once. */
final class Question {
  private static final int SPACE = ' ';
  private static final List<String> EDITED = List.of("[y]es, so", "[e]dit on", "[n]o, back");

  private final Tty tty;
  private final Keys keys;
  private RequirementCard card;
  private final Requirement asked;
  private final Pages pages;
  private final EditDraft draft;
  private final @Nullable Function<GrantScope, GrantOffer> offers;
  private final Supplier<Reveal> reveal;
  private final boolean editsApprove;
  private String lastHint = "";

  /**
   * @param reveal shows what is hidden, once that is written down
   * @param editsApprove true when an edit approves what it makes of the call
   */
  Question(
      Tty tty,
      Keys keys,
      RequirementCard card,
      EditDraft draft,
      @Nullable Function<GrantScope, GrantOffer> offers,
      Supplier<Reveal> reveal,
      boolean editsApprove) {
    this.editsApprove = editsApprove;
    this.offers = offers;
    this.reveal = reveal;
    this.draft = draft;
    this.tty = tty;
    this.keys = keys;
    this.card = card;
    this.asked = card.requirement();
    this.pages = new Pages(tty);
  }

  /** Shows the card and waits for an answer to it. */
  DecisionRequest ask(List<Line> lines) throws Keys.WithdrawnException, Keys.LeftException {
    keys.drain();
    pages.card(lines);
    turn();
    keys.guard();
    while (true) {
      Optional<DecisionRequest> answer = react(keys.next());
      if (answer.isPresent()) {
        return answer.get();
      }
    }
  }

  /** Takes the prompt off the screen. */
  void takeBack() {
    pages.wipePrompt();
  }

  private Optional<DecisionRequest> react(int key)
      throws Keys.WithdrawnException, Keys.LeftException {
    if (key == '\r' || key == '\n') {
      return Optional.empty();
    }
    if (key == SPACE && pages.more()) {
      turn();
      return Optional.empty();
    }
    Choice choice = Choice.of(card, key).filter(this::offered).orElse(null);
    if (choice == null) {
      hint("That key does nothing here; ? lists the ones that do.");
    } else if (choice.needsWhole() && !pages.wholeCardShown()) {
      hint("Not all of it has been shown: press space for the rest.");
    } else if (choice.verdict().isPresent()) {
      return decide(choice, choice.verdict().get());
    } else if (choice == Choice.DETAILS) {
      details();
    } else {
      help();
    }
    return Optional.empty();
  }

  /** What is hidden is shown with the details. */
  private void details() {
    String why = "";
    if (card.hidesSomething()) {
      switch (reveal.get()) {
        case Reveal.Shown shown -> card = shown.card();
        case Reveal.Refused refused -> why = refused.why();
      }
    }
    pages.details(DetailText.of(card, pages.typesetter()));
    turn();
    if (!why.isEmpty()) {
      hint("What is hidden stays hidden: " + SafeText.of(why));
    }
  }

  private Optional<DecisionRequest> decide(Choice choice, Verdict verdict)
      throws Keys.WithdrawnException, Keys.LeftException {
    if (!keys.alone()) {
      hint("Other keys came with it, so it does not count: press it once, alone.");
      return Optional.empty();
    }
    boolean high = asked.terms().risk() == Risk.HIGH;
    if (card.hidesSomething() && (choice == Choice.EDIT || choice == Choice.YES && high)) {
      hint("Something of it is hidden: press d to be shown it, which is written down.");
      return Optional.empty();
    }
    if (choice == Choice.ALWAYS) {
      pages.promptStays();
      lastHint = "";
      DecisionRequest.Always given = new AlwaysInput(tty, keys, card, offers).read().orElse(null);
      if (given == null) {
        hint("Nothing was sent.");
      }
      Why why = given == null ? null : why(verdict, null);
      return why == null
          ? Optional.empty()
          : Optional.of(
              answer(verdict, why.words(), null).withReason(why.code()).withAlways(given));
    }
    String typed = null;
    if (choice.needsName() && high) {
      typed = line("High risk. To go on, type the tool's name, " + SafeText.of(asked.tool()) + ":");
      if (!asked.tool().equals(typed)) {
        hint("That is not the tool's name; nothing was sent.");
        return Optional.empty();
      }
    }
    String said = null;
    String label = choice.label(card).orElse(null);
    if (label != null) {
      said = line(label);
      if (said == null || said.isEmpty()) {
        hint("Nothing was typed; nothing was sent.");
        return Optional.empty();
      }
    }
    String value = !verdict.needsValue() ? null : said == null ? value(choice) : said;
    if (verdict.needsValue() && value == null) {
      return Optional.empty();
    }
    Why why = why(verdict, said);
    return why == null
        ? Optional.empty()
        : Optional.of(
            answer(verdict, verdict == Verdict.RESPOND ? null : why.words(), typed)
                .withReason(why.code())
                .withValue(value));
  }

  /** The reason of a decision. */
  private record Why(@Nullable String words, @Nullable String code) {}

  /** What the rules ask for beside what was typed; absent when the person went back. */
  private @Nullable Why why(Verdict verdict, @Nullable String said)
      throws Keys.WithdrawnException, Keys.LeftException {
    Reasons reasons = asked.terms().reasons();
    boolean approves = verdict == Verdict.EDIT && editsApprove;
    Reasons.Wanted wanted =
        reasons == null ? null : reasons.of(approves ? Verdict.APPROVE : verdict).orElse(null);
    if (wanted == null || (wanted.codes().isEmpty() && said != null)) {
      return new Why(said, null);
    }
    List<String> codes = wanted.codes();
    String typed =
        line(
            codes.isEmpty()
                ? "Why? The rules ask for a reason. Enter sends, Escape goes back."
                : "Why? Type one of these, or its number: " + numbered(codes));
    String code = typed == null ? null : chosen(codes, typed);
    if (typed == null || typed.isEmpty() || (!codes.isEmpty() && code == null)) {
      hint("That is no reason that the rules name; nothing was sent.");
      return null;
    }
    return codes.isEmpty() ? new Why(typed, null) : new Why(said, code);
  }

  private static String numbered(List<String> codes) {
    StringBuilder all = new StringBuilder();
    for (int i = 0; i < codes.size(); i++) {
      all.append(i == 0 ? "" : ", ").append(i + 1).append(' ').append(codes.get(i));
    }
    return all.toString();
  }

  private static @Nullable String chosen(List<String> codes, String typed) {
    for (int i = 0; i < codes.size(); i++) {
      if (typed.equals(codes.get(i)) || typed.equals(Integer.toString(i + 1))) {
        return codes.get(i);
      }
    }
    return null;
  }

  /** What is given beside words; absent when the person went back. */
  private @Nullable String value(Choice choice) throws Keys.WithdrawnException, Keys.LeftException {
    Form form = card.form();
    if (choice == Choice.EDIT) {
      return edited();
    }
    if (form == null) {
      return null;
    }
    if (choice != Choice.ANSWER) {
      String word = choice == Choice.CONFIRM ? "yes" : "no";
      return JsonObject.of(Form.ANSWER, Json.of(word)).toString();
    }
    pages.promptStays();
    lastHint = "";
    JsonObject filled = new FormInput(tty, keys).read(form).orElse(null);
    if (filled == null) {
      hint("Nothing was sent.");
      return null;
    }
    return CanonicalJson.text(filled);
  }

  // ---- an edit ----

  /** The arguments as the person made them, once they have seen the difference and said yes. */
  private @Nullable String edited() throws Keys.WithdrawnException, Keys.LeftException {
    if (!tty.hasEditor()) {
      hint("Name your editor in EDITOR to edit; nothing was sent.");
      return null;
    }
    Json before = Json.parse(card.arguments());
    String text = draft.of(asked).orElseGet(() -> Editing.text(before));
    while (true) {
      pages.wipePrompt();
      Json after;
      try {
        String typed = Editing.inEditor(tty, text).orElse(null);
        if (typed == null) {
          hint("The editor failed; nothing was sent.");
          return null;
        }
        text = typed;
        draft.keep(asked, text);
        after = Json.parse(typed);
      } catch (IOException e) {
        hint("The editor cannot be started; nothing was sent.");
        return null;
      } catch (MalformedJsonException e) {
        hint("That is no JSON, e goes on with it: " + SafeText.of(e.getMessage() + ""));
        return null;
      }
      if (!(after instanceof JsonObject)) {
        hint("Arguments are an object, such as {}; e goes on with it.");
        return null;
      }
      if (JsonPatch.changes(before, after).isEmpty()) {
        hint("Nothing was changed; nothing was sent.");
        return null;
      }
      switch (shown(Editing.difference(before, after, card.redaction(), pages.typesetter()))) {
        case 'y' -> {
          return CanonicalJson.text(after);
        }
        case 'e' -> {}
        default -> {
          hint("Nothing was sent; e goes on with it.");
          return null;
        }
      }
    }
  }

  /** Shows the whole difference and waits: y sends it, e edits on, n or Escape goes back. */
  private int shown(List<Line> difference) throws Keys.WithdrawnException, Keys.LeftException {
    keys.drain();
    Pages changes = new Pages(tty);
    changes.card(difference);
    changes.turn();
    changes.ask(EDITED);
    keys.guard();
    while (true) {
      int key = Character.toLowerCase(keys.next());
      if (key == SPACE && changes.more()) {
        changes.turn();
        changes.ask(EDITED);
      } else if (key == 'y' && !changes.more() && keys.alone()) {
        changes.wipePrompt();
        return key;
      } else if (key == 'e' || key == 'n' || key == Keys.ESCAPE) {
        changes.wipePrompt();
        return key;
      }
    }
  }

  /** What was shown is what is decided: version and digest are the card's. */
  private DecisionRequest answer(Verdict verdict, @Nullable String words, @Nullable String typed) {
    return new DecisionRequest(
        asked.version(), asked.digest(), verdict, words, typed, "console-" + UUID.randomUUID());
  }

  private @Nullable String line(String label) throws Keys.WithdrawnException, Keys.LeftException {
    pages.promptStays();
    lastHint = "";
    return new LineInput(tty, keys)
        .read(pages.typesetter().ours(1, Style.STRONG, label))
        .orElse(null);
  }

  /** Said once in a row, so that typing elsewhere does not push the card off the screen. */
  private void hint(String text) {
    if (!text.equals(lastHint)) {
      lastHint = text;
      pages.say(pages.typesetter().ours(1, Style.FAINT, text));
      pages.prompt(choices());
    }
  }

  private void help() {
    List<Line> lines = new ArrayList<>();
    for (Choice choice : Choice.of(card).stream().filter(this::offered).toList()) {
      lines.addAll(pages.typesetter().ours(1, Style.PLAIN, choice.help()));
    }
    lines.addAll(
        pages
            .typesetter()
            .ours(1, Style.FAINT, "Ctrl-C or ctrl-D leaves it unanswered; Enter does nothing."));
    lastHint = "";
    pages.say(lines);
    pages.prompt(choices());
  }

  private boolean offered(Choice choice) {
    return choice != Choice.ALWAYS || offers != null;
  }

  private void turn() {
    lastHint = "";
    pages.turn();
    pages.prompt(choices());
  }

  private List<Choice> choices() {
    return Choice.of(card).stream()
        .filter(this::offered)
        .filter(choice -> !choice.needsWhole() || pages.wholeCardShown())
        .toList();
  }
}
