package dev.assent.benchmarks;

import dev.assent.core.AuditRecord;
import dev.assent.core.AuditReport;
import dev.assent.core.AuditVerification;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Write;
import dev.assent.store.jdbc.SqliteAuditFile;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How long the offline verification of a long audit log takes, as {@code ./assent audit verify}
 * does it; beside it, in the same run, reading the same rows and hashing their bytes twice.
 */
final class AuditSpeed {
  private static final String TENANT = "main";
  private static final int AT_ONCE = 2_000;
  private static final int OF_A_RUN = 8;
  private static final double SECONDS_PER_MILLION = 10;

  private AuditSpeed() {}

  static boolean run(List<String> args) throws Exception {
    int records = args.isEmpty() ? 1_000_000 : Integer.parseInt(args.getFirst());
    Path folder = Bench.folder();
    try {
      try (SqliteStore store = Bench.open(folder)) {
        write(store, records);
      }
      Path file = folder.resolve("bench.db");
      bare(file);
      long bare = bare(file);
      long begin = System.nanoTime();
      try (SqliteAuditFile log = SqliteAuditFile.open(file, TENANT)) {
        AuditReport report = AuditReport.of(TENANT, log, List.of(), "");
        if (!(report.verification() instanceof AuditVerification.Intact intact)
            || intact.records() != records) {
          throw new IllegalStateException("the log is not as it was written: " + report);
        }
      }
      double seconds = (System.nanoTime() - begin) / 1e9;
      boolean kept = seconds <= SECONDS_PER_MILLION * records / 1e6;
      System.out.printf(
          Locale.ROOT,
          "audit records=%d s=%.2f bare_s=%.2f ratio=%.2f budget=%.1f s a million %s%n",
          records,
          seconds,
          bare / 1e9,
          seconds * 1e9 / bare,
          SECONDS_PER_MILLION,
          kept ? "kept" : "MISSED");
      return kept;
    } finally {
      Bench.delete(folder);
    }
  }

  private static void write(SqliteStore store, int records) {
    for (int done = 0; done < records; done += AT_ONCE) {
      List<Write> batch = new ArrayList<>(AT_ONCE);
      for (int i = done; i < Math.min(records, done + AT_ONCE); i++) {
        String run = "run-" + i / OF_A_RUN;
        batch.add(
            new Write.Audit(
                AuditRecord.of(TENANT, store.now(), "call.executed")
                    .with("call", "c1")
                    .with("tool", "pay_invoice")
                    .with("by", "finance_bot")
                    .with("note", "attempt " + i + " of many that all look much alike")
                    .withRun(run, run, 1)));
      }
      if (!(store.commit(TENANT, batch) instanceof Committed.Done)) {
        throw new IllegalStateException("the log could not be written");
      }
    }
  }

  private static long bare(Path file) throws Exception {
    long begin = System.nanoTime();
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    int sum = 0;
    try (SqliteAuditFile log = SqliteAuditFile.open(file, TENANT)) {
      for (SealedAuditRecord record : log) {
        sum += hash.digest(record.recordBytes())[0];
        sum += hash.digest(record.recordBytes())[1];
      }
    }
    if (sum == Integer.MIN_VALUE) {
      System.out.println("an odd log");
    }
    return System.nanoTime() - begin;
  }
}
