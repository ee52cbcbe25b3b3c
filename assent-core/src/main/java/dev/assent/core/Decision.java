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
 * @param request hash of everything that was sent, to tell a repeat from a reuse of the key
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
    Digest request) {

  /** What the signature covers: every field, framed without ambiguity. */
  public byte[] signable() {
    BodyRef said = words;
    return Digest.over(
            "assent-decision-1",
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
            request.bytes())
        .bytes();
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
