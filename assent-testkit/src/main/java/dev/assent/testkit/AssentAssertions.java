package dev.assent.testkit;

import dev.assent.core.AuditVerification;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import java.util.List;

/** Where assertions about runs begin. Stateless. */
public final class AssentAssertions {
  private static final int MOST = 100_000;

  private AssentAssertions() {}

  /**
   * About this run as it is stored now.
   *
   * @throws dev.assent.runtime.RuntimeFailure when there is no such run
   */
  public static RunAssert assertThatRun(Assent assent, RunId run) {
    return assertThatRun(SeenRun.of(assent, run));
  }

  /** About the run of this result as it is stored now. */
  public static RunAssert assertThatRun(Assent assent, RunResult result) {
    return assertThatRun(assent, result.run());
  }

  /** About a run as it was seen. */
  public static RunAssert assertThatRun(SeenRun run) {
    return new RunAssert(run);
  }

  /** That the model called this tool. */
  public static ToolExpectation expectTool(String tool) {
    return ToolExpectation.of(tool);
  }

  /** That the model never called this tool, not even in vain. */
  public static Expectation expectToolNotUsed(String tool) {
    return ToolExpectation.of(tool).times(0);
  }

  /**
   * What holds of every run at any time: its journal, folded, is its snapshot, and the audit log is
   * whole.
   *
   * @throws AssertionError when it does not
   * @throws dev.assent.runtime.RuntimeFailure when there is no such run
   */
  public static void assertIntact(Assent assent, RunId run) {
    Store store = assent.store();
    RunState stored = assent.runCard(run).run().state();
    List<List<RunEvent>> history =
        store.journal(assent.tenant(), run, 0, MOST).stream()
            .map(Store.JournalEntry::events)
            .toList();
    if (!RunMachine.replay(history).equals(stored)) {
      throw new AssertionError("the journal of run " + run + ", folded, is not its snapshot");
    }
    AuditVerification audit =
        AuditVerification.verify(assent.tenant(), store.audit(assent.tenant(), 0, MOST));
    if (!(audit instanceof AuditVerification.Intact)) {
      throw new AssertionError("the audit log is not intact: " + audit);
    }
  }
}
