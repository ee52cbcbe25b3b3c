package dev.assent.examples.agno;

import dev.assent.core.AuditRecord;
import dev.assent.core.Audited;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.Tool;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.store.jdbc.SqliteStore;

/**
 * Nobody is asked, but it is written down: the call passes by itself and stands in the audit log,
 * marked as one that somebody wants to read about.
 */
public final class AuditOnly {
  private AuditOnly() {}

  record Reports(Demo demo) {
    @Audited
    @Tool("Exports a report")
    String export(String month) {
      demo.ran("exporting " + month);
      return month + ".csv";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(AuditOnly::play);
  }

  static void play(Demo demo) {
    DemoModel model = DemoModel.script().calls("export", "{\"month\":\"May\"}").repeatsTheResult();
    Agent agent = Agent.named("reporter").model(model).tools(new Reports(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      demo.ended(assent.run("reporter", "Export May."));
      show(demo, store, assent.tenant());
    }
  }

  /** The log holds ids and digests, never what was said. */
  private static void show(Demo demo, Store store, String tenant) {
    for (SealedAuditRecord sealed : store.audit(tenant, 0, 1000)) {
      AuditRecord line = AuditRecord.read(sealed.recordBytes());
      line.details().values().stream()
          .filter(what -> what.startsWith("call.allowed") && what.contains(" audited "))
          .forEach(what -> demo.say("audit log, line " + sealed.position() + ": " + what));
    }
  }
}
