package dev.assent.console;

import dev.assent.core.Form;
import dev.assent.core.Risk;
import dev.assent.core.Verdict;
import dev.assent.runtime.RequirementCard;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be chosen by one key. */
enum Choice {
  YES('y', "[y]es once", "approve this one call, exactly as shown", Verdict.APPROVE),
  ALWAYS(
      'a',
      "[a]lways\u2026",
      "approve it, and calls like it from now on; you see first what that allows",
      Verdict.APPROVE),
  NO('n', "[n]o", "reject it; the agent is told so", Verdict.REJECT),
  REASON('r', "[r]eject with reason", "reject it and tell the agent why", Verdict.REJECT),
  EDIT('e', "[e]dit", "change its arguments in your editor", Verdict.EDIT),
  ASK_BACK(
      'b',
      "ask [b]ack",
      "ask the agent first, or ask it to change the call; this stays open meanwhile",
      Verdict.ASK_BACK),
  RESPOND('t', "[t]ell instead", "do not run it; tell the agent something", Verdict.RESPOND),
  ANSWER('a', "[a]nswer", "fill it in", Verdict.ANSWER),
  CONFIRM('y', "[y]es", "the answer is yes", Verdict.ANSWER),
  DENY('n', "[n]o", "the answer is no", Verdict.ANSWER),
  DECLINE('l', "dec[l]ine", "nobody answers this; the agent is told so", Verdict.DECLINE),
  TAKE('t', "[t]ake", "say that you have begun with it", Verdict.TAKE),
  RESULT('r', "[r]esult", "it was executed; you type its result", Verdict.RESULT),
  FAILURE('f', "it [f]ailed", "it failed, or was not executed; you say why", Verdict.FAILURE),
  ACCEPT('a', "[a]ccept", "it counts as it is", Verdict.ACCEPT),
  REPLACE('r', "[r]eplace", "you type what counts instead", Verdict.REPLACE),
  CHANGES('c', "ask for [c]hanges", "you say what has to be different", Verdict.CHANGES),
  HAPPENED('h', "it [h]appened", "it was done; you type its result", Verdict.HAPPENED),
  NOT_HAPPENED(
      'x',
      "[x] it did not happen",
      "it was not done: it is checked again and may then run",
      Verdict.DID_NOT_HAPPEN),
  GIVE_UP('g', "[g]ive up", "nobody will find out; the agent is told so", Verdict.GIVE_UP),
  DETAILS(
      'd', "[d]etails", "raw arguments and what is hidden, digest, rule, decisions so far", null),
  HELP('?', "[?]", "this list", null);

  private final int key;
  private final String label;
  private final String help;
  private final @Nullable Verdict verdict;

  Choice(int key, String label, String help, @Nullable Verdict verdict) {
    this.key = key;
    this.label = label;
    this.help = help;
    this.verdict = verdict;
  }

  /** What can be chosen for this card. */
  static List<Choice> of(RequirementCard card) {
    return Arrays.stream(values())
        .filter(
            choice ->
                choice.verdict == null
                    || choice.verdict.answers() == card.requirement().kind() && choice.fits(card))
        .toList();
  }

  private boolean fits(RequirementCard card) {
    Form form = card.form();
    Integer looks = card.looks();
    boolean yesOrNo = form != null && form.style() == Form.Style.CONFIRM;
    return switch (this) {
      case ANSWER -> form != null && !yesOrNo;
      case CONFIRM, DENY -> yesOrNo;
      // The server says whether it may be allowed for longer; at the highest risk it never may.
      case ALWAYS -> card.requirement().terms().risk() != Risk.HIGH && card.needed() == 1;
      case TAKE -> card.requirement().takenBy() == null;
      case ASK_BACK -> card.noAskingBack() == null;
      case CHANGES -> looks == null || card.requirement().attempt() < looks;
      default -> true;
    };
  }

  /** The choice of this key, in upper or lower case; empty for any other key. */
  static Optional<Choice> of(RequirementCard card, int key) {
    int lower = key >= 'A' && key <= 'Z' ? key - 'A' + 'a' : key;
    return of(card).stream().filter(choice -> choice.key == lower).findFirst();
  }

  String label() {
    return label;
  }

  String help() {
    return (char) key + "  " + help;
  }

  /** What it says; empty when it decides nothing. */
  Optional<Verdict> verdict() {
    return Optional.ofNullable(verdict);
  }

  /** What is typed to it in one line; empty when nothing is. */
  Optional<String> label(RequirementCard card) {
    return Optional.ofNullable(
        switch (this) {
          case REASON -> "Why not? The agent is told. Enter sends, Escape goes back.";
          case HAPPENED, RESULT ->
              "What was its result? The agent gets it. Enter sends, Escape goes back.";
          case ASK_BACK ->
              "What is the agent to answer, or to change? Enter sends, Escape goes back.";
          case RESPOND -> "What is the agent told instead? Enter sends, Escape goes back.";
          case FAILURE -> "Why? The agent is told. Enter sends, Escape goes back.";
          case REPLACE -> "What counts instead? Enter sends, Escape goes back.";
          case CHANGES -> "What has to be different? Enter sends, Escape goes back.";
          default -> null;
        });
  }

  /** Whether the call may run, or counts as done, because of it: then all must have been shown. */
  boolean needsWhole() {
    return switch (this) {
      case YES, ALWAYS, EDIT, CONFIRM, ACCEPT, RESULT, HAPPENED, NOT_HAPPENED -> true;
      case NO, REASON, RESPOND, ANSWER, DENY, DECLINE, TAKE, FAILURE, REPLACE, CHANGES -> false;
      case ASK_BACK, GIVE_UP, DETAILS, HELP -> false;
    };
  }

  /** Whether a call of the highest risk may run because of it: then the tool's name is typed. */
  boolean needsName() {
    return switch (this) {
      case YES, EDIT, NOT_HAPPENED -> true;
      case NO, REASON, RESPOND, ANSWER, CONFIRM, DENY, DECLINE, TAKE, RESULT, FAILURE -> false;
      case ALWAYS, ACCEPT, REPLACE, CHANGES, HAPPENED, GIVE_UP, DETAILS, HELP -> false;
      case ASK_BACK -> false;
    };
  }
}
