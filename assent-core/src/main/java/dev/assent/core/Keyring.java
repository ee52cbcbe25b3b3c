package dev.assent.core;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * All keys, derived from one master key of 32 bytes that is kept outside the database.
 *
 * <p>Thread-safe, also on virtual threads; nothing of it changes. Each use has a key of its own
 * (HKDF-SHA256 with the use as label), so that a code of one domain is never valid in another.
 * Session keys are random, and stored wrapped: who erases the wrapped key has erased the bodies.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc5869">RFC 5869, HKDF</a>
 * @see <a href="https://www.rfc-editor.org/rfc/rfc2104">RFC 2104, HMAC</a>
 */
public final class Keyring {

  /** How many bytes a master key has. */
  public static final int MASTER_KEY_BYTES = 32;

  private static final byte[] SALT = "assent-keyring-1".getBytes(StandardCharsets.UTF_8);
  private static final int KEY_ID_BYTES = 8;

  private final byte[] pseudoRandomKey;
  private final SecureRandom random;
  private final SessionKey wrapping;
  private final byte[] keyId;
  private final Map<String, Mac> macs = new ConcurrentHashMap<>();

  private Keyring(byte[] masterKey, SecureRandom random) {
    this.pseudoRandomKey = Hkdf.extract(SALT, masterKey);
    this.random = random;
    this.wrapping = new SessionKey(Hkdf.expand(pseudoRandomKey, "wrap-session-keys"), random);
    this.keyId = Arrays.copyOf(Hkdf.expand(pseudoRandomKey, "key-id"), KEY_ID_BYTES);
  }

  /**
   * The keys of a master key, which is not kept.
   *
   * @throws IllegalArgumentException if there are not 32 bytes
   */
  public static Keyring of(byte[] masterKey) {
    return of(masterKey, new SecureRandom());
  }

  /**
   * The keys of a master key, with this source of nonces and session keys.
   *
   * @throws IllegalArgumentException if there are not 32 bytes
   */
  public static Keyring of(byte[] masterKey, SecureRandom random) {
    if (masterKey.length != MASTER_KEY_BYTES) {
      throw new IllegalArgumentException(
          "A master key has " + MASTER_KEY_BYTES + " random bytes, not " + masterKey.length + ".");
    }
    return new Keyring(masterKey, random);
  }

  /**
   * Names the master key without telling anything of it: 16 hexadecimal digits, to be stored where
   * its data is.
   *
   * @see #requireKeyId(String)
   */
  public String keyId() {
    return HexFormat.of().formatHex(keyId);
  }

  /**
   * Checks at open that a store was made under this master key.
   *
   * @param stored the {@link #keyId()} that the store was made with
   * @throws WrongMasterKeyException if it was another
   */
  public void requireKeyId(String stored) {
    if (!stored.equals(keyId())) {
      throw new WrongMasterKeyException(stored, keyId());
    }
  }

  /**
   * The HMAC-SHA256 of data under the key of a domain: 32 bytes.
   *
   * @param domain what is authenticated, such as {@code decision-1}: a constant, since its key is
   *     kept
   */
  public byte[] mac(String domain, byte[] data) {
    return macOf(domain).doFinal(data);
  }

  /**
   * Whether this is the code of these data in this domain; takes the same time wherever it differs.
   */
  public boolean verifyMac(String domain, byte[] data, byte[] mac) {
    return MessageDigest.isEqual(mac(domain, data), mac);
  }

  /**
   * A copy of the domain's prepared code: cheaper than deriving and scheduling its key again, and
   * shared by nobody.
   */
  private Mac macOf(String domain) {
    Mac prepared = macs.computeIfAbsent(domain, this::prepare);
    try {
      return (Mac) prepared.clone();
    } catch (CloneNotSupportedException e) {
      return prepare(domain);
    }
  }

  private Mac prepare(String domain) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(Hkdf.expand(pseudoRandomKey, "mac:" + domain), "HmacSHA256"));
      return mac;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java has no HmacSHA256; every conforming one has.", e);
    }
  }

  /** A new random session key; {@link #wrap} makes it fit to be stored. */
  public SessionKey newSessionKey() {
    byte[] secret = new byte[SessionKey.KEY_BYTES];
    random.nextBytes(secret);
    return new SessionKey(secret, random);
  }

  /**
   * The form of a session key that may be stored: the id of the master key, and the key encrypted
   * under one derived of it.
   *
   * @param context what it belongs to, such as tenant and session; needed again to unwrap
   */
  public byte[] wrap(SessionKey key, byte[] context) {
    byte[] encrypted = wrapping.encrypt(key.secret(), context);
    byte[] wrapped = Arrays.copyOf(keyId, KEY_ID_BYTES + encrypted.length);
    System.arraycopy(encrypted, 0, wrapped, KEY_ID_BYTES, encrypted.length);
    return wrapped;
  }

  /**
   * The session key of a wrapped form.
   *
   * @throws WrongMasterKeyException if it was wrapped under another master key
   * @throws TamperedException if it was wrapped for another context, or changed
   */
  public SessionKey unwrap(byte[] wrapped, byte[] context) {
    if (wrapped.length < KEY_ID_BYTES) {
      throw new TamperedException("session key", null);
    }
    if (!Arrays.equals(wrapped, 0, KEY_ID_BYTES, keyId, 0, KEY_ID_BYTES)) {
      throw new WrongMasterKeyException(
          HexFormat.of().formatHex(wrapped, 0, KEY_ID_BYTES), keyId());
    }
    byte[] encrypted = Arrays.copyOfRange(wrapped, KEY_ID_BYTES, wrapped.length);
    return new SessionKey(wrapping.decrypt(encrypted, context, "session key"), random);
  }

  /** The {@link #keyId()}; nothing of the keys. */
  @Override
  public String toString() {
    return "Keyring " + keyId();
  }
}
