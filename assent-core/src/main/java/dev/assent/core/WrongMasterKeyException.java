package dev.assent.core;

/** Something was made under another master key than the one at hand. */
public final class WrongMasterKeyException extends AssentException {

  /** The {@link #code()} of this error. */
  public static final String CODE = "wrong-master-key";

  private static final long serialVersionUID = 1L;

  private final String needed;
  private final String present;

  /**
   * Makes an error.
   *
   * @param needed the {@link Keyring#keyId()} that is needed
   * @param present the {@link Keyring#keyId()} at hand
   */
  public WrongMasterKeyException(String needed, String present) {
    super(
        CODE,
        "This was written under the master key "
            + SafeText.of(needed).cut(80)
            + ", but the key at hand is "
            + SafeText.of(present).cut(80)
            + ". Start with the key file or ASSENT_MASTER_KEY that this store was made with.",
        null);
    this.needed = needed;
    this.present = present;
  }

  /** The id of the key that is needed. */
  public String needed() {
    return needed;
  }

  /** The id of the key at hand. */
  public String present() {
    return present;
  }
}
