package dev.assent.core;

/**
 * A decision with the proof that this system recorded it. Immutable by agreement.
 *
 * @param decision what was said
 * @param signature HMAC under the master key: who can write the database still cannot approve
 */
public record SignedDecision(Decision decision, byte[] signature) {
  private static final String DOMAIN = "assent-decision";

  /** Signs a decision of this tenant. */
  public static SignedDecision sign(Keyring keys, String tenant, Decision decision) {
    return new SignedDecision(decision, keys.mac(DOMAIN, signable(tenant, decision)));
  }

  /** True when this system signed exactly this decision for this tenant. */
  public boolean genuine(Keyring keys, String tenant) {
    return keys.verifyMac(DOMAIN, signable(tenant, decision), signature);
  }

  private static byte[] signable(String tenant, Decision decision) {
    return Digest.over(
            "assent-decision-of",
            tenant.getBytes(java.nio.charset.StandardCharsets.UTF_8),
            decision.signable())
        .bytes();
  }
}
