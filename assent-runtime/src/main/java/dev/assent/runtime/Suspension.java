package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Digest;
import dev.assent.core.Form;

/**
 * Unwinds a body that asked something to which there is no answer yet. An error, so that a body's
 * own handling of exceptions does not catch it by accident; what the body does afterwards is
 * discarded anyway.
 */
final class Suspension extends Error {
  private static final long serialVersionUID = 1;

  private final transient Form form;
  private final transient Digest question;
  private final transient ApprovalTerms terms;

  /**
   * @param place where in the body it was asked
   */
  Suspension(Form form, Digest question, ApprovalTerms terms, String place) {
    super("the call waits for an answer to the question at " + place, null, false, false);
    this.form = form;
    this.question = question;
    this.terms = terms;
  }

  Form form() {
    return form;
  }

  /** Keyed hash of the question and of how often it was asked before. */
  Digest question() {
    return question;
  }

  ApprovalTerms terms() {
    return terms;
  }
}
