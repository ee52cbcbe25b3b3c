package dev.assent.core;

/** Which of the two sets of authority rules a process works under. */
public enum Profile {
  /** One named local operator, who may approve what they asked for themselves. */
  SOLO,
  /** Requester, owner, delegator and last editor do not count; people count, not accounts. */
  SEPARATED
}
