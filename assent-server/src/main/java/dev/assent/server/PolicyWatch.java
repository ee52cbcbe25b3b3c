package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.AuditRecord;
import dev.assent.core.Digest;
import dev.assent.core.spi.Directory;
import dev.assent.core.spi.Policy;
import dev.assent.core.spi.Write;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.Reload;
import dev.assent.policy.RulePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at the file of rules every second and writes into the audit log what is in force.
 * Thread-safe.
 */
final class PolicyWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PolicyWatch.class);

  private final SqliteStore store;
  private final Directory directory;
  private final LivePolicy live;
  private final @Nullable LivePolicy draft;
  private final @Nullable ShadowPolicy shadow;
  private final CountDownLatch closed = new CountDownLatch(1);
  private @Nullable Digest told;

  private PolicyWatch(
      SqliteStore store, Directory directory, LivePolicy live, @Nullable LivePolicy draft) {
    this.store = store;
    this.directory = directory;
    this.live = live;
    this.draft = draft;
    this.shadow = draft == null ? null : new ShadowPolicy(live, draft::current);
  }

  /**
   * Opens the files of the options; absent when there are none.
   *
   * @throws AssentException when one cannot be used: nothing starts without its rules
   */
  static @Nullable PolicyWatch open(ServerOptions options, SqliteStore store, Directory directory) {
    Path file = options.policy();
    Path draft = options.draft();
    if (file == null) {
      if (draft != null) {
        throw new IllegalArgumentException("--policy-draft needs --policy beside it");
      }
      return null;
    }
    PolicyWatch watch =
        new PolicyWatch(
            store,
            directory,
            LivePolicy.open(file, directory, options.data().resolve("policy.accepted.yaml")),
            draft == null ? null : LivePolicy.draft(draft, directory));
    Staffing.check(store, directory, watch.live.current());
    watch.inForce();
    return watch;
  }

  LivePolicy live() {
    return live;
  }

  Optional<ShadowPolicy> shadow() {
    return Optional.ofNullable(shadow);
  }

  /** What calls are judged by. */
  Policy policy() {
    return shadow == null ? live : shadow;
  }

  String inWords() {
    RulePolicy rules = live.current();
    return rules.name() + " v" + rules.version() + " of " + rules.rules().size() + " rules";
  }

  void start() {
    Thread.ofVirtual().name("assent-policy").start(this::run);
  }

  private void run() {
    try {
      while (!closed.await(1, TimeUnit.SECONDS)) {
        look();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Looks at the files once; what holds is in the audit log when this returns. */
  void look() {
    try {
      switch (live.look()) {
        case Reload.Proposed proposed -> record("policy.proposed", proposed.proposed());
        case Reload.Refused refused -> record("policy.refused", refused.inForce());
        case Reload.Replaced replaced -> {}
        case Reload.Unchanged unchanged -> {}
      }
      inForce();
      if (draft != null) {
        draft.look();
      }
    } catch (RuntimeException e) {
      LOG.error("The file of rules could not be looked at; the old rules stay in force", e);
    }
  }

  /** Says what is in force, once: from the file, or because people agreed to it. */
  private synchronized void inForce() {
    RulePolicy now = live.current();
    Digest before = told;
    if (before != null && before.equals(now.digest())) {
      return;
    }
    record("policy.in-force", now);
    if (before != null) {
      Staffing.gaps(store, directory, now).forEach(gap -> LOG.warn("Policy: {}", gap));
    }
    told = now.digest();
  }

  private void record(String type, RulePolicy rules) {
    AuditRecord record =
        AuditRecord.of(AssentServer.TENANT, store.now(), type)
            .with("policy", rules.name())
            .with("version", Integer.toString(rules.version()))
            .with("digest", rules.digest().toString());
    store.commit(AssentServer.TENANT, List.of(new Write.Audit(record)));
  }

  @Override
  public void close() {
    closed.countDown();
  }
}
