package dev.assent.core;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.NamedParameterSpec;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Signs checkpoints of the audit log with an Ed25519 key that is derived from the master key, so
 * that there is one secret to keep. Immutable and thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8032">RFC 8032, Ed25519</a>
 */
public final class AuditSigner {
  private static final String DOMAIN = "audit-signing-key-1";

  private final KeyPair keys;

  private AuditSigner(KeyPair keys) {
    this.keys = keys;
  }

  /** The signer of a master key; the same key is the same signer. */
  public static AuditSigner of(Keyring keyring) {
    byte[] seed = keyring.mac(DOMAIN, new byte[0]);
    KeyPair keys = pair(seed);
    if (!Arrays.equals(keys.getPublic().getEncoded(), pair(seed).getPublic().getEncoded())) {
      throw new IllegalStateException("this JDK does not make an Ed25519 key of its 32 bytes");
    }
    return new AuditSigner(keys);
  }

  private static KeyPair pair(byte[] seed) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
      generator.initialize(NamedParameterSpec.ED25519, new Given(seed));
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK has no Ed25519", e);
    }
  }

  /** The public key, X.509, in hexadecimal digits: what an auditor keeps. */
  public String publicKey() {
    PublicKey key = keys.getPublic();
    return HexFormat.of().formatHex(key.getEncoded());
  }

  /** Signs the end of a chain that was verified up to there. */
  public AuditCheckpoint sign(AuditChain end, Instant at) {
    try {
      Signature signature = Signature.getInstance("Ed25519");
      signature.initSign(keys.getPrivate());
      signature.update(AuditCheckpoint.signed(end, at, publicKey()));
      return new AuditCheckpoint(end, at, publicKey(), HexFormat.of().formatHex(signature.sign()));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this JDK cannot sign by Ed25519", e);
    }
  }

  /** Gives the bytes it was made with: the seed of RFC 8032, 5.1.5, is any 32 bytes. */
  private static final class Given extends SecureRandom {
    private static final long serialVersionUID = 1L;
    private final byte[] seed;

    private Given(byte[] seed) {
      this.seed = seed.clone();
    }

    @Override
    public void nextBytes(byte[] bytes) {
      if (bytes.length != seed.length) {
        throw new IllegalStateException("an Ed25519 seed has 32 bytes, not " + bytes.length);
      }
      System.arraycopy(seed, 0, bytes, 0, seed.length);
    }
  }
}
