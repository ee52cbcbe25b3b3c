package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One person's word on one version of a requirement. Immutable.
 *
 * @param requirement what it is about
 * @param version the version that was shown
 * @param digest the digest that was shown
 * @param principal the account that decided, from the authenticated session
 * @param person the human behind the account
 * @param verdict what they said
 * @param words reason or reconciled result; absent when none was given
 * @param at when, in whole milliseconds, by the store's clock
 * @param idempotencyKey chosen by the client, unique per principal and requirement
 * @param request hash of everything that was sent, to tell a repeat from a reuse of the key; stored
 *     as a keyed one, which tells nothing about what was sent
 * @param value what was given: edited arguments, fields, a result; absent where nothing was
 * @param reasonCode which of the reasons that the terms name; absent where none was given
 */
public record Decision(
    RequirementId requirement,
    int version,
    Digest digest,
    String principal,
    String person,
    Verdict verdict,
    @Nullable BodyRef words,
    Instant at,
    String idempotencyKey,
    Digest request,
    @Nullable BodyRef value,
    @Nullable String reasonCode) {

  /** The principal of what happens by itself at a deadline. */
  public static final String SYSTEM = "system";

  /** A decision that gives nothing beside its words. */
  public Decision(
      RequirementId requirement,
      int version,
      Digest digest,
      String principal,
      String person,
      Verdict verdict,
      @Nullable BodyRef words,
      Instant at,
      String idempotencyKey,
      Digest request) {
    this(
        requirement,
        version,
        digest,
        principal,
        person,
        verdict,
        words,
        at,
        idempotencyKey,
        request,
        null,
        null);
  }

  /** A decision that names no reason by a code. */
  public Decision(
      RequirementId requirement,
      int version,
      Digest digest,
      String principal,
      String person,
      Verdict verdict,
      @Nullable BodyRef words,
      Instant at,
      String idempotencyKey,
      Digest request,
      @Nullable BodyRef value) {
    this(
        requirement,
        version,
        digest,
        principal,
        person,
        verdict,
        words,
        at,
        idempotencyKey,
        request,
        value,
        null);
  }

  /** The same decision, where its request is remembered by another hash. */
  public Decision withRequest(Digest hash) {
    return new Decision(
        requirement,
        version,
        digest,
        principal,
        person,
        verdict,
        words,
        at,
        idempotencyKey,
        hash,
        value,
        reasonCode);
  }

  /** What the signature covers: every field, framed without ambiguity. */
  public byte[] signable() {
    BodyRef said = words;
    BodyRef given = value;
    byte[][] parts = {
      utf8(requirement.value()),
      utf8(Integer.toString(version)),
      digest.bytes(),
      utf8(principal),
      utf8(person),
      utf8(verdict.name()),
      said == null ? new byte[0] : utf8(said.id().value()),
      said == null ? new byte[0] : said.commitment().bytes(),
      utf8(Long.toString(at.toEpochMilli())),
      utf8(idempotencyKey),
      request.bytes()
    };
    Digest plain = Digest.over("assent-decision-1", parts);
    Digest whole =
        given == null
            ? plain
            : Digest.over(
                "assent-decision-2",
                plain.bytes(),
                utf8(given.id().value()),
                given.commitment().bytes());
    return reasonCode == null
        ? whole.bytes()
        : Digest.over("assent-decision-3", whole.bytes(), utf8(reasonCode)).bytes();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
