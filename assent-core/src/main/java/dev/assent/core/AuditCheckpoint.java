package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Map;

/**
 * A signed end of the audit log, to be kept outside the database: who rewrites or shortens the log
 * afterwards cannot rewrite this. Immutable.
 *
 * @param end of the chain, verified up to there when it was signed
 * @param at when it was signed
 * @param key the public key, X.509, in hexadecimal digits
 * @param signature Ed25519 over the line without it, in hexadecimal digits
 * @see AuditSigner
 */
public record AuditCheckpoint(AuditChain end, Instant at, String key, String signature) {
  private static final int SCHEMA = 1;

  static byte[] signed(AuditChain end, Instant at, String key) {
    return CanonicalJson.of(fields(end, at, key));
  }

  private static JsonObject fields(AuditChain end, Instant at, String key) {
    return new JsonObject(
        Map.of(
            "schema", new JsonNumber(Integer.toString(SCHEMA)),
            "tenant", new JsonString(end.tenant()),
            "position", new JsonNumber(Long.toString(end.position())),
            "head", new JsonString(end.head().hex()),
            "at", new JsonString(at.toString()),
            "key", new JsonString(key)));
  }

  /** One line of JSON; {@link #read} reads it. */
  public String line() {
    return CanonicalJson.text(fields(end, at, key).with("signature", new JsonString(signature)));
  }

  /**
   * Reads a line; whether its signature is good, {@link #genuine} says.
   *
   * @throws MalformedJsonException when it is no checkpoint
   */
  public static AuditCheckpoint read(String line) {
    if (!(Json.parse(line.getBytes(StandardCharsets.UTF_8)) instanceof JsonObject object)
        || object.number("schema").toLong() != SCHEMA) {
      throw new MalformedJsonException("It is no checkpoint of schema " + SCHEMA + ".");
    }
    try {
      return new AuditCheckpoint(
          new AuditChain(
              object.string("tenant"),
              object.number("position").toLong(),
              Digest.parse(object.string("head"))),
          Instant.parse(object.string("at")),
          object.string("key"),
          object.string("signature"));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw new MalformedJsonException("It is no checkpoint: " + e.getMessage());
    }
  }

  /**
   * Whether it was signed by the owner of this key.
   *
   * @param trusted the public key as {@link AuditSigner#publicKey} gives it
   */
  public boolean genuine(String trusted) {
    if (!trusted.equals(key)) {
      return false;
    }
    try {
      PublicKey with =
          KeyFactory.getInstance("Ed25519")
              .generatePublic(new X509EncodedKeySpec(HexFormat.of().parseHex(trusted)));
      Signature check = Signature.getInstance("Ed25519");
      check.initVerify(with);
      check.update(signed(end, at, key));
      return check.verify(HexFormat.of().parseHex(signature));
    } catch (GeneralSecurityException | IllegalArgumentException e) {
      return false;
    }
  }
}
