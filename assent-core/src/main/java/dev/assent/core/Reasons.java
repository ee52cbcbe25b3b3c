package dev.assent.core;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * For what a decider has to give a reason. Immutable.
 *
 * @param approve what a yes needs; absent means nothing
 * @param reject what a no needs; absent means nothing
 */
public record Reasons(@Nullable Wanted approve, @Nullable Wanted reject) {

  /**
   * A reason that has to be given. Immutable.
   *
   * @param codes one of these names it, and a text may stand beside; empty means that a text is the
   *     reason
   */
  public record Wanted(List<String> codes) {
    /**
     * @throws IllegalArgumentException when a code is empty, too long or has other characters than
     *     small letters, digits, {@code .}, {@code _} and {@code -}
     */
    public Wanted {
      codes = codes.stream().distinct().toList();
      for (String code : codes) {
        if (!code.matches(CODE)) {
          throw new IllegalArgumentException(
              "the reason '"
                  + SafeText.of(code).cut(80)
                  + "' is no code; write small letters, digits, '.', '_' and '-', such as"
                  + " wrong-amount");
        }
      }
    }

    private Wanted and(Wanted other) {
      return new Wanted(Stream.concat(codes.stream(), other.codes.stream()).toList());
    }
  }

  /** Code of what is wrong: a reason is asked for, and there is none. */
  public static final String REQUIRED = "reason-required";

  /** Code of what is wrong: the reason is none of those that are asked for. */
  public static final String UNKNOWN = "unknown-reason";

  /** What a code looks like. */
  public static final String CODE = "[a-z0-9][a-z0-9._-]{0,63}";

  /** A text for each yes and each no. */
  public static Reasons always() {
    return new Reasons(new Wanted(List.of()), new Wanted(List.of()));
  }

  /** One of these codes for each no. */
  public static Reasons ofRejection(String... codes) {
    return new Reasons(null, new Wanted(List.of(codes)));
  }

  /** The same, with one of these codes for each yes; without codes a text. */
  public Reasons andOfApproval(String... codes) {
    return new Reasons(new Wanted(List.of(codes)), reject);
  }

  /** What both want; where both name codes, those of either. */
  public Reasons and(Reasons other) {
    return new Reasons(both(approve, other.approve), both(reject, other.reject));
  }

  /** What this verdict needs; empty when nothing. Telling the agent something instead is a no. */
  public Optional<Wanted> of(Verdict verdict) {
    return Optional.ofNullable(
        switch (verdict) {
          case APPROVE -> approve;
          case REJECT, RESPOND -> reject;
          case EDIT, REVOKE, ASK_BACK, ANSWER, DECLINE, TAKE, RESULT, FAILURE -> null;
          case ACCEPT, REPLACE, CHANGES, HAPPENED, DID_NOT_HAPPEN, GIVE_UP -> null;
        });
  }

  /**
   * What is wrong with the reason of a decision under these terms; empty when nothing is.
   *
   * @param verdict what the decision comes to: of an edit that approves too, an approval
   */
  static Optional<Lack> lacks(@Nullable Reasons reasons, Verdict verdict, DecisionRequest request) {
    Wanted wanted = reasons == null ? null : reasons.of(verdict).orElse(null);
    String code = request.reasonCode();
    if (wanted == null || wanted.codes().isEmpty()) {
      if (code != null) {
        return Optional.of(
            new Lack(
                UNKNOWN, "no code is asked for with " + verdict + "; say the reason in words"));
      }
      String said = verdict == Verdict.RESPOND ? request.value() : request.words();
      return wanted == null || (said != null && !said.isBlank())
          ? Optional.empty()
          : Optional.of(new Lack(REQUIRED, verdict + " needs a reason here: say why in words"));
    }
    String choices = String.join(", ", wanted.codes());
    if (code == null) {
      return Optional.of(
          new Lack(REQUIRED, verdict + " needs one of these reasons here: " + choices));
    }
    return wanted.codes().contains(code)
        ? Optional.empty()
        : Optional.of(
            new Lack(
                UNKNOWN,
                "'" + SafeText.of(code).cut(80) + "' is none of these reasons: " + choices));
  }

  /** Why a decision does not do, and what to do about it. */
  record Lack(String code, String why) {}

  /** In words, for cards. */
  public String inWords() {
    return String.join(
        "; ",
        Stream.of(inWords("approving", approve), inWords("rejecting", reject))
            .flatMap(Optional::stream)
            .toList());
  }

  private static Optional<String> inWords(String what, @Nullable Wanted wanted) {
    return Optional.ofNullable(wanted)
        .map(
            each ->
                what
                    + " needs a reason"
                    + (each.codes().isEmpty() ? "" : ": " + String.join(", ", each.codes())));
  }

  private static @Nullable Wanted both(@Nullable Wanted one, @Nullable Wanted other) {
    return one == null ? other : other == null ? one : one.and(other);
  }
}
