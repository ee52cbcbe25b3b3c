package dev.assent.core.spi;

import dev.assent.core.AuditCheckpoint;
import java.util.List;

/**
 * A place outside the database where checkpoints of the audit log are kept, best one that whoever
 * runs the database cannot change: a file on another machine, a ticket, a time stamping service.
 * Implementations are thread-safe.
 */
public interface AuditAnchor {
  /**
   * Keeps a checkpoint; it is kept when this returns.
   *
   * @throws dev.assent.core.AssentException when it could not be kept; it is tried again with the
   *     next one
   */
  void keep(AuditCheckpoint checkpoint);

  /**
   * What is kept, oldest first; empty where it cannot be read back.
   *
   * @throws dev.assent.core.AssentException when it cannot be read, or is not what was written
   */
  List<AuditCheckpoint> kept();
}
