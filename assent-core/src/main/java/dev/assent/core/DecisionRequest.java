package dev.assent.core;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * What somebody sends to decide. Immutable. Who sends it is not in here: that comes from the
 * authenticated session.
 *
 * @param version the version that was shown
 * @param digest the digest that was shown
 * @param verdict what they say
 * @param words reason of a verdict, or the result of a call that happened
 * @param typed what was typed to confirm a call of the highest risk
 * @param idempotencyKey chosen by the client; the same key with the same content is the same vote
 * @param value what is given: the edited arguments or the answer as a JSON object, a result or an
 *     output as text; absent where the verdict takes none
 * @param always what else is to be allowed from now on, beside an approval; absent when nothing
 * @param reasonCode one of the reasons that the terms name; absent where they name none
 */
public record DecisionRequest(
    int version,
    Digest digest,
    Verdict verdict,
    @Nullable String words,
    @Nullable String typed,
    String idempotencyKey,
    @Nullable String value,
    @Nullable Always always,
    @Nullable String reasonCode) {

  /**
   * A standing permission that is given beside an approval. Immutable.
   *
   * @param scope how far it goes, as it was shown
   * @param confirmed digest of the text that was shown, see {@link Grant#confirmation}
   */
  public record Always(GrantScope scope, Digest confirmed) {}

  /**
   * @throws IllegalArgumentException when the idempotency key is empty or not visible ASCII
   */
  public DecisionRequest {
    Names.check("idempotency key", idempotencyKey);
  }

  /** A request that gives nothing beside its words. */
  public DecisionRequest(
      int version,
      Digest digest,
      Verdict verdict,
      @Nullable String words,
      @Nullable String typed,
      String idempotencyKey) {
    this(version, digest, verdict, words, typed, idempotencyKey, null);
  }

  /** A request that gives no standing permission. */
  public DecisionRequest(
      int version,
      Digest digest,
      Verdict verdict,
      @Nullable String words,
      @Nullable String typed,
      String idempotencyKey,
      @Nullable String value) {
    this(version, digest, verdict, words, typed, idempotencyKey, value, null);
  }

  /** A request that names no reason by a code. */
  public DecisionRequest(
      int version,
      Digest digest,
      Verdict verdict,
      @Nullable String words,
      @Nullable String typed,
      String idempotencyKey,
      @Nullable String value,
      @Nullable Always always) {
    this(version, digest, verdict, words, typed, idempotencyKey, value, always, null);
  }

  /** The same request, which gives a standing permission too. */
  public DecisionRequest withAlways(@Nullable Always given) {
    return new DecisionRequest(
        version, digest, verdict, words, typed, idempotencyKey, value, given, reasonCode);
  }

  /** The same request for one of the reasons that the terms name. */
  public DecisionRequest withReason(@Nullable String code) {
    return new DecisionRequest(
        version, digest, verdict, words, typed, idempotencyKey, value, always, code);
  }

  /** The same request with another value. */
  public DecisionRequest withValue(@Nullable String given) {
    return new DecisionRequest(
        version, digest, verdict, words, typed, idempotencyKey, given, always, reasonCode);
  }

  /** Hash of the content, to tell a repeat from a reuse of the key. */
  public Digest content() {
    Digest plain =
        Digest.over(
            "assent-request-1",
            utf8(Integer.toString(version)),
            digest.bytes(),
            utf8(verdict.name()),
            utf8(words == null ? "" : "=" + words),
            utf8(typed == null ? "" : "=" + typed));
    Digest whole =
        value == null ? plain : Digest.over("assent-request-2", plain.bytes(), utf8(value));
    Digest allowing =
        always == null
            ? whole
            : Digest.over(
                "assent-request-3",
                whole.bytes(),
                RecordJson.write(always.scope()),
                always.confirmed().bytes());
    return reasonCode == null
        ? allowing
        : Digest.over("assent-request-4", allowing.bytes(), utf8(reasonCode));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
