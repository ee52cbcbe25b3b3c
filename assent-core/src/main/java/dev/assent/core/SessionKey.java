package dev.assent.core;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * The key of one session's bodies, as it is used in memory; {@link Keyring#wrap} makes it fit to be
 * stored.
 *
 * <p>Immutable, thread-safe. AES-256-GCM with a random nonce of 12 bytes, so one key may encrypt
 * some four thousand million bodies. {@code toString} shows nothing of it; two keys are equal when
 * they are the same object.
 *
 * @see <a href="https://doi.org/10.6028/NIST.SP.800-38D">NIST SP 800-38D, GCM</a>
 */
public final class SessionKey {

  static final int KEY_BYTES = 32;

  private static final byte VERSION = 1;
  private static final int NONCE_BYTES = 12;
  private static final int TAG_BITS = 128;
  private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BITS / 8;

  private static final Spares<Cipher> CIPHERS =
      new Spares<>(() -> Cipher.getInstance("AES/GCM/NoPadding"));

  private final SecretKeySpec key;
  private final SecureRandom random;

  SessionKey(byte[] key, SecureRandom random) {
    this.key = new SecretKeySpec(key, "AES");
    this.random = random;
  }

  /**
   * Encrypts; the result is 29 bytes longer.
   *
   * @param plaintext any bytes
   * @param context what these bytes are and where they belong (tenant, session, body id); not
   *     stored, and needed again to decrypt
   */
  public byte[] encrypt(byte[] plaintext, byte[] context) {
    byte[] out = new byte[plaintext.length + OVERHEAD];
    byte[] nonce = new byte[NONCE_BYTES];
    random.nextBytes(nonce);
    out[0] = VERSION;
    System.arraycopy(nonce, 0, out, 1, NONCE_BYTES);
    try {
      CIPHERS.with(
          cipher ->
              ready(cipher, Cipher.ENCRYPT_MODE, out, context)
                  .doFinal(plaintext, 0, plaintext.length, out, 1 + NONCE_BYTES));
      return out;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to encrypt; check the Java installation.", e);
    }
  }

  /**
   * Decrypts what {@link #encrypt} made.
   *
   * @throws TamperedException if it was made by another key, for another context, or changed
   */
  public byte[] decrypt(byte[] encrypted, byte[] context) {
    return decrypt(encrypted, context, "body");
  }

  byte[] decrypt(byte[] encrypted, byte[] context, String what) {
    if (encrypted.length < OVERHEAD || encrypted[0] != VERSION) {
      throw new TamperedException(what, null);
    }
    try {
      int start = 1 + NONCE_BYTES;
      return CIPHERS.with(
          cipher ->
              ready(cipher, Cipher.DECRYPT_MODE, encrypted, context)
                  .doFinal(encrypted, start, encrypted.length - start));
    } catch (AEADBadTagException e) {
      throw new TamperedException(what, e);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES-GCM failed to decrypt; check the Java installation.", e);
    }
  }

  /** The cipher with the nonce that stands in {@code framed} after the version. */
  private Cipher ready(Cipher cipher, int mode, byte[] framed, byte[] context)
      throws GeneralSecurityException {
    cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, framed, 1, NONCE_BYTES));
    cipher.updateAAD(framed, 0, 1);
    cipher.updateAAD(context);
    return cipher;
  }

  /** The bytes of the key, to be wrapped. */
  byte[] secret() {
    return key.getEncoded();
  }

  @Override
  public String toString() {
    return "SessionKey";
  }
}
