package dev.assent.core;

/** What one person says about one requirement. Silence is none of these. */
public enum Verdict {
  APPROVE,
  REJECT,
  /** Of an approval: with these arguments instead; others, or in solo the editor, approve them. */
  EDIT,
  /** Of an approval: do not run it, tell the model this instead. */
  RESPOND,
  /** Of an approval that was given and not yet used: it counts no more. */
  REVOKE,
  /** Of an approval: the agent is asked this first, or asked to change the call; it stays open. */
  ASK_BACK,
  /** Of a question: this is the answer. */
  ANSWER,
  /** Of a question: nobody will answer it. */
  DECLINE,
  /** Of a call that is executed outside: somebody has begun with it. */
  TAKE,
  /** Of a call that is executed outside: it was executed, with this result. */
  RESULT,
  /** Of a call that is executed outside: it failed, or was not executed. */
  FAILURE,
  /** Of an output: it counts as it is. */
  ACCEPT,
  /** Of an output: this counts instead. */
  REPLACE,
  /** Of an output: it has to be made anew, with this feedback. */
  CHANGES,
  /** Of a call in doubt: it happened, with this result. */
  HAPPENED,
  /** Of a call in doubt: it did not happen, so it may be tried again. */
  DID_NOT_HAPPEN,
  /** Of a call in doubt: nobody will find out; the model is told so. */
  GIVE_UP;

  /** The kind of requirement that this verdict answers. */
  public RequirementKind answers() {
    return switch (this) {
      case APPROVE, REJECT, EDIT, RESPOND, REVOKE, ASK_BACK -> RequirementKind.APPROVAL;
      case ANSWER, DECLINE -> RequirementKind.USER_INPUT;
      case TAKE, RESULT, FAILURE -> RequirementKind.EXTERNAL_EXECUTION;
      case ACCEPT, REPLACE, CHANGES -> RequirementKind.REVIEW;
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP -> RequirementKind.RECONCILIATION;
    };
  }

  /** True when the verdict says nothing without a value. */
  public boolean needsValue() {
    return switch (this) {
      case EDIT, RESPOND, ANSWER, RESULT, REPLACE -> true;
      case APPROVE, REJECT, REVOKE, ASK_BACK -> false;
      case DECLINE, TAKE, FAILURE, ACCEPT, CHANGES -> false;
      case HAPPENED, DID_NOT_HAPPEN, GIVE_UP -> false;
    };
  }
}
