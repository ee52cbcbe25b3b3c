package dev.assent.runtime;

import dev.assent.core.CanonicalJson;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Form;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What somebody says to a requirement that was shown to them. Immutable. It becomes a decision on
 * exactly the version that its card shows, by {@link #to}.
 */
public sealed interface Reply {
  /** A verdict, with what it needs. */
  record Said(
      Verdict verdict,
      @Nullable String words,
      @Nullable String value,
      @Nullable String typed,
      @Nullable String reasonCode)
      implements Reply {
    /** A verdict that names no reason by a code. */
    public Said(
        Verdict verdict, @Nullable String words, @Nullable String value, @Nullable String typed) {
      this(verdict, words, value, typed, null);
    }

    /**
     * The same, for one of the reasons that the card names, see {@link dev.assent.core.Reasons}.
     */
    public Said because(String code) {
      return new Said(verdict, words, value, typed, code);
    }

    /** The same, with the tool's name typed by the person: a call of high risk needs it. */
    public Said typing(String tool) {
      return new Said(verdict, words, value, tool, reasonCode);
    }
  }

  /** What a person typed; interpreted by the fixed rules of {@link Words}, never by a model. */
  record Text(String text) implements Reply {}

  /** A decision on the version that it names itself. */
  record Decided(DecisionRequest request) implements Reply {}

  /** No answer. Never an approval. */
  record Unanswered() implements Reply {}

  /** Yes, run it as it is shown. */
  static Said approve() {
    return new Said(Verdict.APPROVE, null, null, null);
  }

  /** Yes, for this reason, which the model is told too. */
  static Said approve(String reason) {
    return new Said(Verdict.APPROVE, reason, null, null);
  }

  /**
   * Yes, and for these exact arguments also for the rest of the run. Only for tools that declare
   * it, see {@link ApprovalRequired#always()}.
   */
  static Said approveAlways() {
    return new Said(Verdict.APPROVE, null, ApprovalRequired.ALWAYS, null);
  }

  /** No. */
  static Said reject() {
    return new Said(Verdict.REJECT, null, null, null);
  }

  /** No, and the model is told why. */
  static Said reject(String reason) {
    return new Said(Verdict.REJECT, reason, null, null);
  }

  /** What was approved counts no more, unless it has begun; the model is told why. */
  static Said revoke(String reason) {
    return new Said(Verdict.REVOKE, reason, null, null);
  }

  /** The agent is asked this first, or asked to change the call; nothing is decided by it. */
  static Said askBack(String words) {
    return new Said(Verdict.ASK_BACK, words, null, null);
  }

  /** With these arguments instead, a JSON object; in solo they are approved in the same act. */
  static Said edit(String arguments) {
    return new Said(Verdict.EDIT, null, arguments, null);
  }

  /** Do not run it, tell the model this instead. */
  static Said respond(String text) {
    return new Said(Verdict.RESPOND, null, text, null);
  }

  /** What a person typed, to be interpreted. */
  static Text text(String typed) {
    return new Text(typed);
  }

  /** The answer to a question: its fields as a JSON object. */
  static Said fields(String json) {
    return new Said(Verdict.ANSWER, null, json, null);
  }

  /** The answer to a question: its fields. */
  static Said fields(JsonObject answer) {
    return fields(new String(CanonicalJson.of(answer), StandardCharsets.UTF_8));
  }

  /** The answer to a question in free text. */
  static Said answer(String text) {
    return fields(JsonObject.of(Form.ANSWER, new JsonString(text)));
  }

  /** One of the options. */
  static Said choose(String option) {
    return answer(option);
  }

  /** Any number of the options. */
  static Said chooseSeveral(String... options) {
    return fields(
        JsonObject.of(
            Form.ANSWER,
            new JsonArray(Arrays.stream(options).<Json>map(JsonString::new).toList())));
  }

  /** Nobody will answer this question. */
  static Said decline(String reason) {
    return new Said(Verdict.DECLINE, reason, null, null);
  }

  /** I begin to execute it outside; from here on, silence is doubt. */
  static Said take() {
    return new Said(Verdict.TAKE, null, null, null);
  }

  /** It was executed outside, with this result. */
  static Said result(String text) {
    return new Said(Verdict.RESULT, null, text, null);
  }

  /** It failed outside, or was not executed. */
  static Said failure(String reason) {
    return new Said(Verdict.FAILURE, reason, null, null);
  }

  /** The output counts as it is. */
  static Said accept() {
    return new Said(Verdict.ACCEPT, null, null, null);
  }

  /** This counts instead of the output. */
  static Said replace(String output) {
    return new Said(Verdict.REPLACE, null, output, null);
  }

  /** The output has to be made anew, with this feedback. */
  static Said changes(String feedback) {
    return new Said(Verdict.CHANGES, feedback, null, null);
  }

  /** The call in doubt happened, with this result. */
  static Said happened(String result) {
    return new Said(Verdict.HAPPENED, result, null, null);
  }

  /** The call in doubt did not happen. */
  static Said didNotHappen() {
    return new Said(Verdict.DID_NOT_HAPPEN, null, null, null);
  }

  /** This decision. */
  static Reply of(DecisionRequest request) {
    return new Decided(request);
  }

  /** No answer. */
  static Reply unanswered() {
    return new Unanswered();
  }

  /**
   * The decision on what the card shows; empty when there is no answer, or a text that the fixed
   * rules do not understand.
   */
  default Optional<DecisionRequest> to(RequirementCard card) {
    return to(card, null);
  }

  /** As {@link #to(RequirementCard)}, for a tool that declares how it is approved. */
  default Optional<DecisionRequest> to(RequirementCard card, @Nullable ApprovalRequired declared) {
    Requirement shown = card.requirement();
    return switch (this) {
      case Unanswered none -> Optional.empty();
      case Decided decided -> Optional.of(decided.request());
      case Text text -> Words.understood(text.text(), shown, declared).map(said -> on(shown, said));
      case Said said -> Optional.of(on(shown, said));
    };
  }

  private static DecisionRequest on(Requirement shown, Said said) {
    return new DecisionRequest(
            shown.version(),
            shown.digest(),
            said.verdict(),
            said.words(),
            said.typed(),
            UUID.randomUUID().toString(),
            said.value())
        .withReason(said.reasonCode());
  }
}
