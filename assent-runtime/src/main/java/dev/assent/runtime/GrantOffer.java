package dev.assent.runtime;

import dev.assent.core.Digest;
import dev.assent.core.GrantScope;

/** What a person would allow beside an approval, or why they cannot. Immutable. */
public sealed interface GrantOffer {
  /** Code of a decision that asks for a permission which cannot be given. */
  String REFUSED = "grant-refused";

  /** Code of a decision that confirms another text than was shown. */
  String NOT_SHOWN = "grant-not-shown";

  /**
   * It can be given: whoever approves and confirms this digest gives it.
   *
   * @param scope as it would be stored, with a rule for each argument
   * @param text what it allows, in words, to be shown whole; it holds arguments and is hostile
   * @param digest of this text and scope on this version of the approval
   */
  record Shown(GrantScope scope, String text, Digest digest) implements GrantOffer {}

  /** It cannot. */
  record Refused(String why) implements GrantOffer {}
}
