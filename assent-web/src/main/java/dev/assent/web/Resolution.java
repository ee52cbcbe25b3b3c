package dev.assent.web;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.Verdict;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a person sends to resolve a requirement. Immutable. Who sends it comes from the session; a
 * member that says so is unknown and refused (X37).
 */
record Resolution(
    int version,
    String digest,
    Verdict verdict,
    @Nullable String reason,
    @Nullable String result,
    @Nullable String typed) {
  private static final int LONGEST = 100_000;

  /** One thing that is wrong. Immutable. */
  record Mistake(String member, String message) {}

  /**
   * The same in the core's words.
   *
   * @throws ProblemException {@code invalid-resolution} with all that is wrong
   */
  DecisionRequest request(String idempotencyKey) {
    List<Mistake> mistakes = mistakes();
    if (!mistakes.isEmpty()) {
      throw invalid(mistakes).exception();
    }
    return new DecisionRequest(
        version, Digest.parse(digest), verdict, words(), typed, idempotencyKey);
  }

  static Problem invalid(List<Mistake> mistakes) {
    return Problem.of(
            422,
            "invalid-resolution",
            "This does not resolve the requirement",
            String.join(" ", mistakes.stream().map(Mistake::message).toList()))
        .with("errors", mistakes);
  }

  private List<Mistake> mistakes() {
    List<Mistake> found = new ArrayList<>();
    if (version < 1) {
      found.add(new Mistake("version", "A version counts from 1."));
    }
    if (!digest.matches("[0-9a-f]{64}")) {
      found.add(new Mistake("digest", "A digest has 64 digits of 0-9 and a-f."));
    }
    if (verdict == Verdict.HAPPENED && (result == null || result.isBlank())) {
      found.add(new Mistake("result", "Say what the call's result was: the model is told."));
    }
    if (verdict != Verdict.HAPPENED && result != null) {
      found.add(new Mistake("result", "Only HAPPENED has a result."));
    }
    if (verdict != Verdict.APPROVE && typed != null) {
      found.add(new Mistake("typed", "Only APPROVE has a typed confirmation."));
    }
    if (length(reason) + length(result) > LONGEST) {
      found.add(new Mistake("reason", "At most " + LONGEST + " characters are taken."));
    }
    return found;
  }

  /** A decision keeps one text; the note of who found out what happened goes with the result. */
  private @Nullable String words() {
    boolean said = reason != null && !reason.isBlank();
    if (verdict != Verdict.HAPPENED) {
      return said ? reason : null;
    }
    return said ? result + "\n\n" + reason : result;
  }

  private static int length(@Nullable String text) {
    return text == null ? 0 : text.length();
  }
}
