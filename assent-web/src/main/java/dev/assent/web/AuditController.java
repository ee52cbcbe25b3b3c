package dev.assent.web;

import dev.assent.core.AuditExport;
import dev.assent.core.AuditRecord;
import dev.assent.core.AuditReport;
import dev.assent.core.AuditVerification;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.spi.AuditLog;
import dev.assent.runtime.Assent;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ContentDisposition;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.servlet.mvc.method.annotation.StreamingResponseBody;

/** Reading and verifying the audit log. */
@RestController
@RequestMapping(ApiPaths.V1 + "/audit")
final class AuditController {
  /** So many records are looked at for one page of a run's records. */
  private static final int MOST_READ = 20_000;

  private static final int BATCH = 1_000;

  private final Assent assent;
  private final WebSettings settings;
  private final People people;
  private final ReentrantLock verifying = new ReentrantLock();

  AuditController(Assent assent, WebSettings settings) {
    this.assent = assent;
    this.settings = settings;
    this.people = new People(assent.directory());
  }

  record RecordView(
      long position,
      Instant at,
      String type,
      @Nullable String run,
      @Nullable String requirement,
      @Nullable PersonView by,
      String hash,
      String chain,
      String record) {}

  /**
   * @param coveredTo position of the newest checkpoint, 0 without one
   * @param uncovered records after it, the first of which is so many seconds old
   * @param key public key that signed the checkpoints
   */
  record VerificationView(
      boolean intact,
      long records,
      @Nullable Long firstBad,
      @Nullable String problem,
      long coveredTo,
      @Nullable Instant coveredAt,
      long uncovered,
      long uncoveredSeconds,
      String key) {}

  @GetMapping
  PageView<RecordView> records(
      @RequestParam(required = false) @Nullable String run,
      @RequestParam(required = false) @Nullable Long after,
      @RequestParam(required = false) @Nullable Integer limit,
      LoggedIn login) {
    entitled(login);
    int most = Wanted.limit(limit);
    List<RecordView> found = new ArrayList<>();
    long position = after == null ? 0 : after;
    String only = run == null || run.isEmpty() ? null : run;
    int batch = only == null ? most : BATCH;
    for (int read = 0; read < MOST_READ; read += batch) {
      List<SealedAuditRecord> records = assent.store().audit(assent.tenant(), position, batch);
      for (SealedAuditRecord sealed : records) {
        position = sealed.position();
        AuditRecord record = AuditRecord.read(sealed.recordBytes());
        if (only == null || only.equals(record.run())) {
          found.add(view(sealed, record));
        }
        if (found.size() == most) {
          return page(found, position);
        }
      }
      if (records.size() < batch) {
        break;
      }
    }
    return page(found, position);
  }

  private void entitled(LoggedIn login) {
    Roles.auditor(login, assent.authority().profile(), settings);
  }

  private PageView<RecordView> page(List<RecordView> found, long position) {
    boolean more = position < assent.store().auditHead(assent.tenant());
    return new PageView<>(found, more ? Long.toString(position) : null, null);
  }

  private RecordView view(SealedAuditRecord sealed, AuditRecord record) {
    return new RecordView(
        sealed.position(),
        record.at(),
        record.type(),
        record.run(),
        record.requirement(),
        people.personOrNull(record.principal()),
        sealed.hash().hex(),
        sealed.chain().hex(),
        new String(sealed.recordBytes(), StandardCharsets.UTF_8));
  }

  /** Reads the whole log, one verification at a time. */
  @GetMapping("/verify")
  VerificationView verify() {
    verifying.lock();
    try {
      AuditReport report = assent.verifyAudit();
      Instant since = report.uncoveredSince();
      return switch (report.verification()) {
        case AuditVerification.Intact intact ->
            new VerificationView(
                true,
                intact.records(),
                null,
                null,
                report.coveredTo(),
                report.coveredAt(),
                report.uncovered(),
                since == null ? 0 : Duration.between(since, assent.store().now()).toSeconds(),
                assent.auditKey());
        case AuditVerification.Broken broken ->
            new VerificationView(
                false,
                broken.firstBadPosition() - 1,
                broken.firstBadPosition(),
                broken.problem(),
                0,
                null,
                0,
                0,
                assent.auditKey());
      };
    } finally {
      verifying.unlock();
    }
  }

  /** The whole log in a file; what is written while it is read may be missing. */
  @GetMapping("/export")
  ResponseEntity<StreamingResponseBody> export(
      @RequestParam(defaultValue = "jsonl") String format, LoggedIn login) {
    entitled(login);
    AuditExport.Format wanted =
        switch (format) {
          case "jsonl" -> AuditExport.Format.JSONL;
          case "csv" -> AuditExport.Format.CSV;
          default -> throw Wanted.invalid("format", "is jsonl or csv");
        };
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(wanted.mediaType()))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment()
                .filename("audit-" + assent.tenant() + wanted.ending())
                .build()
                .toString())
        .body(
            out ->
                AuditExport.write(wanted, new AuditLog(assent.store(), assent.tenant(), 0), out));
  }
}
