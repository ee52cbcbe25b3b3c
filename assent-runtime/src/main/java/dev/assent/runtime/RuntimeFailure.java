package dev.assent.runtime;

import dev.assent.core.AssentException;

/** The runtime was asked for something that cannot be; the code is stable, the message helps. */
public final class RuntimeFailure extends AssentException {
  private static final long serialVersionUID = 1L;

  RuntimeFailure(String code, String message) {
    super(code, message, null);
  }

  static RuntimeFailure unknownAgent(String agent, java.util.Collection<String> known) {
    return new RuntimeFailure(
        "unknown-agent",
        "no agent '" + agent + "' is registered here; known are " + String.join(", ", known));
  }

  static RuntimeFailure unknownRun(Object run) {
    return new RuntimeFailure("unknown-run", "there is no run " + run);
  }

  static RuntimeFailure unknownRequirement(Object requirement) {
    return new RuntimeFailure("unknown-requirement", "there is no requirement " + requirement);
  }
}
