package dev.assent.console;

import dev.assent.core.RequirementKind;
import dev.assent.core.Verdict;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What can be chosen by one key. */
enum Choice {
  YES('y', "[y]es once", "approve this one call, exactly as shown", Verdict.APPROVE),
  NO('n', "[n]o", "reject it; the agent is told so", Verdict.REJECT),
  REASON('r', "[r]eject with reason", "reject it and tell the agent why", Verdict.REJECT),
  HAPPENED('h', "it [h]appened", "it was done; you type its result", Verdict.HAPPENED),
  NOT_HAPPENED(
      'x',
      "[x] it did not happen",
      "it was not done: it is checked again and may then run",
      Verdict.DID_NOT_HAPPEN),
  GIVE_UP('g', "[g]ive up", "nobody will find out; the agent is told so", Verdict.GIVE_UP),
  DETAILS('d', "[d]etails", "raw arguments, digest, rule, decisions so far", null),
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

  /** What can be chosen for this kind of requirement. */
  static List<Choice> of(RequirementKind kind) {
    return Arrays.stream(values())
        .filter(choice -> choice.verdict == null || choice.verdict.answers() == kind)
        .toList();
  }

  /** The choice of this key, in upper or lower case; empty for any other key. */
  static Optional<Choice> of(RequirementKind kind, int key) {
    int lower = key >= 'A' && key <= 'Z' ? key - 'A' + 'a' : key;
    return of(kind).stream().filter(choice -> choice.key == lower).findFirst();
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

  /** Whether the call may run, or counts as done, because of it: then all must have been shown. */
  boolean needsWhole() {
    return switch (this) {
      case YES, HAPPENED, NOT_HAPPENED -> true;
      case NO, REASON, GIVE_UP, DETAILS, HELP -> false;
    };
  }

  /** Whether a call of the highest risk may run because of it: then the tool's name is typed. */
  boolean needsName() {
    return switch (this) {
      case YES, NOT_HAPPENED -> true;
      case NO, REASON, HAPPENED, GIVE_UP, DETAILS, HELP -> false;
    };
  }
}
