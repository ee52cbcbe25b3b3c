package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Digest;
import dev.assent.core.GrantScope;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonPatch;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.runtime.Alike;
import dev.assent.runtime.RequirementCard;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
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
    @Nullable String typed,
    @Nullable Json value,
    @Nullable Json patch,
    @Nullable Always always,
    List<Other> also,
    @Nullable String reasonCode) {
  private static final int LONGEST = 100_000;

  /** Stands in where a patch finds nothing to change: the machine says first what else is wrong. */
  private static final String NOTHING = "{}";

  /** Another request for the very same, as it was shown. */
  record Other(String id, int version, String digest) {}

  /** What is decided in the same act. */
  List<Alike> others() {
    return also.stream()
        .map(
            each ->
                new Alike(
                    Wanted.requirement(each.id()), each.version(), Digest.parse(each.digest())))
        .toList();
  }

  /** What else is to be allowed from now on, and the digest of the text that was shown. */
  record Always(GrantScope scope, String confirmed) {}

  /** One thing that is wrong; {@code path} is where in the member. Immutable. */
  record Mistake(
      String member,
      @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String path,
      String message) {
    static Mistake of(String member, String message) {
      return new Mistake(member, null, message);
    }
  }

  /**
   * Looks at the form of it.
   *
   * @throws ProblemException {@code invalid-resolution} with all that is wrong
   */
  void check() {
    List<Mistake> mistakes = new ArrayList<>();
    checkNames(mistakes);
    checkTexts(mistakes);
    checkValue(mistakes);
    if (!mistakes.isEmpty()) {
      throw invalid(mistakes).exception();
    }
  }

  /**
   * The same in the core's words.
   *
   * @param shown what an edit by patch is an edit of
   * @throws ProblemException {@code invalid-resolution} when the patch does not fit what was shown
   */
  DecisionRequest request(String idempotencyKey, Supplier<RequirementCard> shown) {
    return new DecisionRequest(
        version,
        Digest.parse(digest),
        verdict,
        words(),
        typed,
        idempotencyKey,
        patch == null ? given() : patched(shown.get(), patch),
        always == null
            ? null
            : new DecisionRequest.Always(always.scope(), Digest.parse(always.confirmed())),
        reasonCode);
  }

  static Problem invalid(List<Mistake> mistakes) {
    return Problem.of(
            422,
            "invalid-resolution",
            "This does not resolve the requirement",
            String.join(" ", mistakes.stream().map(Resolution::inWords).toList()))
        .with("errors", mistakes);
  }

  private static String inWords(Mistake mistake) {
    String path = mistake.path();
    return path == null || path.isEmpty() ? mistake.message() : path + ": " + mistake.message();
  }

  private void checkNames(List<Mistake> found) {
    if (version < 1) {
      found.add(Mistake.of("version", "A version counts from 1."));
    }
    if (!digest.matches("[0-9a-f]{64}")) {
      found.add(Mistake.of("digest", "A digest has 64 digits of 0-9 and a-f."));
    }
    if (always != null && !always.confirmed().matches("[0-9a-f]{64}")) {
      found.add(Mistake.of("always", "It is confirmed by the digest of what was shown."));
    }
    if (also.stream().anyMatch(each -> !each.digest().matches("[0-9a-f]{64}"))) {
      found.add(Mistake.of("also", "A digest has 64 digits of 0-9 and a-f."));
    }
    if (!also.isEmpty() && verdict != Verdict.APPROVE && verdict != Verdict.REJECT) {
      found.add(Mistake.of("also", "Only APPROVE and REJECT are said to several at once."));
    }
    if (always != null && verdict != Verdict.APPROVE) {
      found.add(Mistake.of("always", "Only APPROVE gives a standing permission."));
    }
  }

  private void checkTexts(List<Mistake> found) {
    if (verdict == Verdict.HAPPENED && (result == null || result.isBlank())) {
      found.add(Mistake.of("result", "Say what the call's result was: the model is told."));
    }
    if (verdict != Verdict.HAPPENED && result != null) {
      found.add(Mistake.of("result", "Only HAPPENED has a result."));
    }
    if (verdict != Verdict.APPROVE && verdict != Verdict.EDIT && typed != null) {
      found.add(Mistake.of("typed", "Only APPROVE and EDIT have a typed confirmation."));
    }
    if (verdict == Verdict.CHANGES && (reason == null || reason.isBlank())) {
      found.add(Mistake.of("reason", "Say what has to change: the model is told."));
    }
    if (verdict == Verdict.ASK_BACK && (reason == null || reason.isBlank())) {
      found.add(Mistake.of("reason", "Say what the agent is to answer: it is told your words."));
    }
    if (length(reason) + length(result) > LONGEST) {
      found.add(Mistake.of("reason", "At most " + LONGEST + " characters are taken."));
    }
  }

  private void checkValue(List<Mistake> found) {
    if (patch != null && verdict != Verdict.EDIT) {
      found.add(Mistake.of("patch", "Only EDIT has a patch."));
    }
    switch (verdict) {
      case EDIT -> {
        if ((value == null) == (patch == null)) {
          found.add(Mistake.of("value", "An edit is either a value or a patch."));
        } else if (patch != null && !(patch instanceof JsonArray)) {
          found.add(Mistake.of("patch", "A patch is a list of operations."));
        } else if (value != null && !(value instanceof JsonObject)) {
          found.add(Mistake.of("value", "Arguments are an object."));
        }
      }
      case ANSWER -> {
        if (!(value instanceof JsonObject)) {
          found.add(Mistake.of("value", "An answer is an object, with a member for each field."));
        }
      }
      case RESPOND, REPLACE -> {
        if (!(value instanceof JsonString text) || text.value().isBlank()) {
          found.add(Mistake.of("value", verdict + " needs a text."));
        }
      }
      case RESULT -> {
        if (value == null) {
          found.add(Mistake.of("value", "Say what the result is: the model is told."));
        }
      }
      default -> {
        if (value != null) {
          found.add(Mistake.of("value", verdict + " has no value."));
        }
      }
    }
  }

  /** Texts as they are, anything else as JSON with all its digits. */
  private @Nullable String given() {
    return value == null
        ? null
        : value instanceof JsonString text ? text.value() : CanonicalJson.text(value);
  }

  private String patched(RequirementCard card, Json operations) {
    Requirement now = card.requirement();
    try {
      return CanonicalJson.text(JsonPatch.apply(Json.parse(card.argumentsOf(version)), operations));
    } catch (MalformedJsonException e) {
      boolean asShown = now.open() && now.version() == version && now.digest().hex().equals(digest);
      if (asShown) {
        throw invalid(List.of(Mistake.of("patch", Shown.name(String.valueOf(e.getMessage())))))
            .exception();
      }
      return NOTHING;
    }
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
