package dev.assent.server;

import dev.assent.core.AssentException;
import dev.assent.core.AuditAnchorFile;
import dev.assent.core.AuditCheckpoint;
import dev.assent.core.AuditExport;
import dev.assent.core.AuditReport;
import dev.assent.core.AuditSigner;
import dev.assent.core.AuditVerification;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.MasterKeyFile;
import dev.assent.core.SealedAuditRecord;
import dev.assent.store.jdbc.SqliteAuditFile;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;

/** Reads the audit log without a server, and beside one that runs. */
@Command(
    name = "audit",
    description = "Verifies or exports the audit log; the server may run or not.",
    mixinStandardHelpOptions = true)
final class AuditCommand {
  /** The log is not as it was sealed. */
  static final int BROKEN = 1;

  @ParentCommand ServerCommand server = new ServerCommand(System.out);

  @Command(
      name = "verify",
      description =
          "Verifies the stored bytes: hashes, chain, counters of the runs, checkpoints. Ends with 0"
              + " when all fits, with 1 when something was changed, or when a key is given and"
              + " nothing that it signed is here.",
      mixinStandardHelpOptions = true)
  int verify(
      @Option(
              names = "--export",
              paramLabel = "FILE",
              description = "verify this export (jsonl) instead of the store")
          @Nullable Path export,
      @Option(
              names = "--key",
              paramLabel = "HEX",
              description =
                  "public key that must have signed the checkpoints; without it the one of the"
                      + " master key in the data folder")
          @Nullable String key)
      throws IOException {
    List<AuditCheckpoint> checkpoints = new AuditAnchorFile(server.checkpoints()).kept();
    String trusted =
        key != null ? key : checkpoints.isEmpty() ? "" : AuditSigner.of(keys()).publicKey();
    AuditReport report;
    if (export == null) {
      try (SqliteAuditFile log = log()) {
        report = AuditReport.of(AssentServer.TENANT, log, checkpoints, trusted);
      }
    } else {
      try (BufferedReader lines = Files.newBufferedReader(export);
          Stream<String> text = lines.lines()) {
        AtomicLong number = new AtomicLong();
        Iterable<SealedAuditRecord> log =
            text.map(line -> record(line, number.incrementAndGet()))::iterator;
        report = AuditReport.of(AssentServer.TENANT, log, checkpoints, trusted);
      } catch (UncheckedIOException e) {
        throw e.getCause();
      } catch (MalformedJsonException e) {
        throw new AssentException(
            "audit-export", "The file " + export + " is no audit export: " + e.getMessage(), e);
      }
    }
    int found = told(report, Clock.systemUTC().instant());
    if (found == 0 && key != null && report.coveredAt() == null) {
      out().println("NOT PROVED: a key was given, and no checkpoint is here that it could prove");
      return BROKEN;
    }
    return found;
  }

  private static SealedAuditRecord record(String line, long number) {
    try {
      return AuditExport.read(line);
    } catch (MalformedJsonException e) {
      throw new MalformedJsonException("line " + number + ": " + e.getMessage(), e);
    }
  }

  private int told(AuditReport report, Instant now) {
    return switch (report.verification()) {
      case AuditVerification.Intact intact -> {
        out().println("intact: " + intact.records() + " records");
        out()
            .println(
                report.coveredAt() == null
                    ? "no checkpoint: who can write the database could have written all of it anew"
                    : "the checkpoint of "
                        + report.coveredAt()
                        + " proves records 1 to "
                        + report.coveredTo());
        Instant since = report.uncoveredSince();
        if (since != null) {
          out()
              .println(
                  "not covered by a checkpoint: "
                      + report.uncovered()
                      + " records, the first "
                      + Duration.between(since, now).toSeconds()
                      + " seconds old");
        }
        yield 0;
      }
      case AuditVerification.Broken broken -> {
        out().println("BROKEN at record " + broken.firstBadPosition() + ": " + broken.problem());
        out().println("records before it are as they were sealed");
        yield BROKEN;
      }
    };
  }

  @Command(
      name = "export",
      description = "Writes the whole log out, as JSON Lines that can be verified, or as CSV.",
      mixinStandardHelpOptions = true)
  int export(
      @Option(names = "--format", defaultValue = "jsonl", description = "jsonl or csv")
          String format,
      @Option(
              names = "--out",
              paramLabel = "FILE",
              description = "a new file; without it standard output")
          @Nullable Path file)
      throws IOException {
    AuditExport.Format wanted = AuditExport.Format.of(format);
    try (SqliteAuditFile log = log()) {
      if (file == null) {
        AuditExport.write(wanted, log, out());
      } else if (Files.exists(file)) {
        throw new AssentException(
            "audit-export", "The file " + file + " is there already; name a new one.", null);
      } else {
        try (OutputStream to = Files.newOutputStream(file)) {
          AuditExport.write(wanted, log, to);
        }
      }
    }
    return 0;
  }

  @Command(
      name = "key",
      description = "Prints the public key that the checkpoints are signed for.",
      mixinStandardHelpOptions = true)
  int key() {
    out().println(AuditSigner.of(keys()).publicKey());
    return 0;
  }

  private dev.assent.core.Keyring keys() {
    return MasterKeyFile.fromEnvironment(System.getenv())
        .orElseGet(() -> MasterKeyFile.read(server.options().data().resolve("assent.key")));
  }

  private SqliteAuditFile log() {
    return SqliteAuditFile.open(server.options().data().resolve("assent.db"), AssentServer.TENANT);
  }

  private PrintStream out() {
    return server.out();
  }
}
