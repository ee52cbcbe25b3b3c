package dev.assent.core;

/** Where an execution of an agent stands; these names are on the wire. */
public enum RunStatus {
  RUNNING,
  PAUSED,
  COMPLETED,
  FAILED,
  CANCELLED;

  /** True for the three from which no run returns. */
  public boolean ended() {
    return switch (this) {
      case RUNNING, PAUSED -> false;
      case COMPLETED, FAILED, CANCELLED -> true;
    };
  }
}
