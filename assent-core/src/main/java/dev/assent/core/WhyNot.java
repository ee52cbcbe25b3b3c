package dev.assent.core;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Why somebody cannot decide a requirement, as the code that refuses them says it. Immutable.
 *
 * @see RequirementMachine#whyNot
 */
public sealed interface WhyNot {
  /** Stable, for programs. */
  String code();

  /**
   * A sentence or two for the person who asks.
   *
   * @param names how a principal is called
   */
  String inWords(UnaryOperator<String> names);

  /** With ids of principals in place of names. */
  default String inWords() {
    return inWords(UnaryOperator.identity());
  }

  /** True when they only lack an authority that somebody else has. */
  default boolean lacksAuthority() {
    return false;
  }

  /** The name is kept for what happens by itself. */
  record ReservedName() implements WhyNot {
    @Override
    public String code() {
      return "reserved-name";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "The name " + Decision.SYSTEM + " is kept for what happens by itself.";
    }
  }

  /** A program asks. */
  record Service(String id) implements WhyNot {
    @Override
    public String code() {
      return "service";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "A service never decides; " + id + " is one.";
    }
  }

  /** The directory does not know the account today. */
  record UnknownAccount(String id) implements WhyNot {
    @Override
    public String code() {
      return "unknown-account";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "The account " + id + " is unknown here, or locked.";
    }
  }

  /** They asked for the call themselves. */
  record Requester() implements WhyNot {
    @Override
    public String code() {
      return "requester";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "You asked for this call yourself, so your decision does not count.";
    }
  }

  /** Nobody can be told apart from who asked for the call. */
  record RequesterUnknown() implements WhyNot {
    @Override
    public String code() {
      return "requester-unknown";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "It is not known who asked for this call, so nobody can be told apart from them.";
    }
  }

  /** They changed the arguments last. */
  record LastEditor() implements WhyNot {
    @Override
    public String code() {
      return "last-editor";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "You edited the arguments last, so your own approval does not count.";
    }
  }

  /** They are in none of the groups. */
  record NoneOfThese(List<Threshold> thresholds) implements WhyNot {
    public NoneOfThese {
      thresholds = List.copyOf(thresholds);
    }

    @Override
    public boolean lacksAuthority() {
      return true;
    }

    @Override
    public String code() {
      return "none-of-these";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "It needs "
          + thresholds.stream().map(Threshold::inWords).collect(Collectors.joining(" and "))
          + "; you are none of these.";
    }
  }

  /**
   * Whoever gave them a mandate could not decide it themselves: they asked for it, or edited it.
   */
  record GiverExcluded(String giver, boolean edited) implements WhyNot {
    @Override
    public boolean lacksAuthority() {
      return true;
    }

    @Override
    public String code() {
      return "giver-excluded";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return names.apply(giver)
          + (edited ? " edited the arguments last" : " asked for this call")
          + ", so nobody decides it with their authority.";
    }
  }

  /** The mandate by which they could decide it has run out, or was taken back. */
  record MandateOver(Mandate mandate) implements WhyNot {
    @Override
    public boolean lacksAuthority() {
      return true;
    }

    @Override
    public String code() {
      return "mandate-over";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      String what =
          mandate.kind() == Mandate.Kind.BREAK_GLASS
              ? "Your break-glass"
              : "The mandate by which you could decide it for " + names.apply(mandate.giver());
      String by = mandate.revokedBy();
      return what
          + (by == null
              ? " ended " + mandate.ends()
              : " was taken back by " + names.apply(by) + ", " + mandate.revokedAt())
          + ".";
    }
  }

  /** What is known of them is too old. */
  record StaleEvidence(Instant since, Duration most) implements WhyNot {
    @Override
    public String code() {
      return "stale-evidence";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "What is known of you is from "
          + since
          + " and may be at most "
          + most
          + " old; sign in again, then decide.";
    }
  }

  /** They are asked only when nobody else has decided by then. */
  record NotYet(Instant from) implements WhyNot {
    @Override
    public boolean lacksAuthority() {
      return true;
    }

    @Override
    public String code() {
      return "not-yet";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "Others are asked first; you may decide it from " + from + " on.";
    }
  }

  /** Somebody else has begun to execute it outside. */
  record BegunBy(String by) implements WhyNot {
    @Override
    public String code() {
      return "begun-by";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return names.apply(by) + " has begun with it; only they or a person can answer now.";
    }
  }

  /** Somebody else sees to it for now. */
  record ClaimedBy(String by, Instant until) implements WhyNot {
    @Override
    public String code() {
      return "claimed-by";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return names.apply(by) + " sees to it until " + until + "; they can give it back before.";
    }
  }

  /** This was their last word already. */
  record AlreadyVoted(Verdict verdict, Instant at) implements WhyNot {
    @Override
    public String code() {
      return "already-voted";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "You have "
          + (verdict == Verdict.APPROVE ? "approved" : "rejected")
          + " it already; people are counted, not clicks.";
    }
  }

  /** It was closed before; {@code by} is absent when no person did. */
  record Closed(RequirementStatus how, @Nullable String by, Instant at) implements WhyNot {
    @Override
    public String code() {
      return "closed";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      String what =
          switch (how) {
            case APPROVED -> "approved";
            case REJECTED -> "rejected";
            case RESOLVED -> "answered";
            case REVOKED -> "approved and taken back again";
            case EXPIRED -> "closed by its deadline";
            case CANCELLED, PENDING -> "withdrawn";
          };
      return "It was " + what + (by == null ? "" : " by " + names.apply(by)) + ", " + at + ".";
    }
  }

  /** The deadline has passed, and it closes by it. */
  record PastDeadline(Instant deadline) implements WhyNot {
    @Override
    public String code() {
      return "past-deadline";
    }

    @Override
    public String inWords(UnaryOperator<String> names) {
      return "Its deadline, " + deadline + ", has passed.";
    }
  }
}
