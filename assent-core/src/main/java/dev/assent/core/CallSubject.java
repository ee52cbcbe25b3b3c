package dev.assent.core;

import java.nio.charset.StandardCharsets;

/**
 * What exactly is approved: this call of this run, of this tool, with these arguments. Immutable.
 *
 * @param run the run that proposed it
 * @param requester the principal who started the run: whoever may decide depends on it
 * @param call its id in the run
 * @param tool how the tool is addressed
 * @param fingerprint what the tool was when it was judged
 * @param arguments the canonical bytes: stored, shown, hashed, and all that the tool gets
 * @param salt of the arguments' body
 */
public record CallSubject(
    RunId run,
    String requester,
    ToolCallId call,
    String tool,
    Digest fingerprint,
    byte[] arguments,
    byte[] salt) {

  /** The digest of this call as it is shown and signed in one version. */
  public Digest digest(int version) {
    return Digest.over(
        "assent-call-1",
        utf8(tool),
        fingerprint.bytes(),
        arguments,
        utf8(run.value()),
        utf8(requester),
        utf8(call.value()),
        utf8(Integer.toString(version)),
        salt);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
