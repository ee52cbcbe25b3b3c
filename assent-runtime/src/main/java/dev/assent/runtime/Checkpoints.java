package dev.assent.runtime;

import dev.assent.core.AssentException;
import dev.assent.core.AuditChain;
import dev.assent.core.AuditCheckpoint;
import dev.assent.core.AuditReport;
import dev.assent.core.AuditSigner;
import dev.assent.core.AuditVerification;
import dev.assent.core.spi.AuditAnchor;
import dev.assent.core.spi.AuditLog;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Signs the end of the audit log from time to time, after verifying what came since the last time,
 * and has it kept outside the database; does nothing without an anchor. Ticks and closes on one
 * thread after the other; a report is made on any.
 */
final class Checkpoints {
  private static final Logger LOG = LoggerFactory.getLogger(Checkpoints.class);

  private final Engine engine;
  private final @Nullable AuditAnchor anchor;
  private final AuditSigner signer;
  private final Duration every;
  private final AtomicBoolean changed = new AtomicBoolean(true);
  private AuditChain last;
  private Instant lastAt = Instant.EPOCH;

  Checkpoints(Engine engine, @Nullable AuditAnchor anchor, Duration every) {
    this.engine = engine;
    this.anchor = anchor;
    this.every = every;
    this.signer = AuditSigner.of(engine.store().keys());
    this.last = AuditChain.start(engine.tenant());
  }

  /**
   * Compares the log with the last checkpoint.
   *
   * @throws AssentException {@code audit-rolled-back} when the log is older than it, or another
   */
  void start() {
    if (anchor == null) {
      return;
    }
    engine.watch(change -> changed.set(true));
    AuditCheckpoint newest = newest();
    if (newest == null) {
      return;
    }
    AuditChain signed = newest.end();
    if (!newest.genuine(signer.publicKey())) {
      throw new AssentException(
          "audit-checkpoint-forged",
          "The newest audit checkpoint, made at "
              + newest.at()
              + ", was not signed under this master key. Restore the file of checkpoints, or move"
              + " it away if the key was changed on purpose; what it covers can then not be proved.",
          null);
    }
    AuditChain stored = end(signed.position());
    if (!signed.equals(stored)) {
      throw new AssentException(
          "audit-rolled-back",
          "The audit log "
              + (stored == null
                  ? "ends at " + engine.store().auditHead(engine.tenant())
                  : "is another at " + signed.position())
              + ", but a checkpoint of position "
              + signed.position()
              + " was signed at "
              + newest.at()
              + ": the database was replaced by an older one, or changed. Calls that were executed"
              + " since may run again. Restore the newest database; or, if this one is meant to"
              + " go on, look at what ran since and move the file of checkpoints away.",
          null);
    }
    last = signed;
  }

  /** The whole log, verified against all checkpoints. */
  AuditReport report() {
    return AuditReport.of(
        engine.tenant(), new AuditLog(engine.store(), engine.tenant(), 0), kept(), key());
  }

  /** The public key of the signer. */
  String key() {
    return signer.publicKey();
  }

  private List<AuditCheckpoint> kept() {
    return anchor == null ? List.of() : anchor.kept();
  }

  private @Nullable AuditCheckpoint newest() {
    List<AuditCheckpoint> kept =
        kept().stream().filter(each -> each.end().tenant().equals(engine.tenant())).toList();
    return kept.isEmpty() ? null : kept.getLast();
  }

  /** The end of the chain as it is stored at this position; absent when there is none. */
  private @Nullable AuditChain end(long position) {
    return engine.store().audit(engine.tenant(), position - 1, 1).stream()
        .filter(record -> record.position() == position)
        .map(record -> AuditChain.start(engine.tenant()).after(record))
        .findFirst()
        .orElse(null);
  }

  /** Makes a checkpoint when it is time and something was written since. */
  void tick() {
    Instant now = engine.store().now();
    if (anchor != null && Duration.between(lastAt, now).compareTo(every) >= 0 && written()) {
      changed.set(false);
      lastAt = now;
      checkpoint(now);
    }
  }

  /** True also of what nobody was told of yet. */
  private boolean written() {
    return engine.store().auditHead(engine.tenant()) > last.position();
  }

  private void checkpoint(Instant now) {
    AuditLog log = new AuditLog(engine.store(), engine.tenant(), last.position());
    switch (AuditVerification.verify(last, List.of(), log)) {
      case AuditVerification.Intact intact -> {
        if (intact.records() > 0) {
          AuditChain end =
              new AuditChain(engine.tenant(), last.position() + intact.records(), intact.head());
          keep(end, now);
        }
      }
      case AuditVerification.Broken broken -> {
        changed.set(true);
        LOG.error(
            "The audit log was changed: {} No checkpoint is signed from position {} on.",
            broken.problem(),
            broken.firstBadPosition());
      }
    }
  }

  private void keep(AuditChain end, Instant now) {
    try {
      Objects.requireNonNull(anchor).keep(signer.sign(end, now));
      last = end;
    } catch (RuntimeException e) {
      changed.set(true);
      LOG.error("An audit checkpoint could not be kept; it is tried again", e);
    }
  }

  /** The last one of a process that ends. */
  void close() {
    if (anchor != null && changed.getAndSet(false)) {
      checkpoint(engine.store().now());
    }
  }
}
