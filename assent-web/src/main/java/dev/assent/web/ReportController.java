package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.assent.core.AssentException;
import dev.assent.core.Csv;
import dev.assent.core.Requirement;
import dev.assent.core.SafeText;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.ApprovalReport;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
import tools.jackson.databind.json.JsonMapper;

/** What was decided: a report by month, tool and approver, and the log of all decisions. */
@RestController
@RequestMapping(ApiPaths.V1)
final class ReportController {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Assent assent;
  private final WebSettings settings;
  private final People people;

  ReportController(Assent assent, WebSettings settings) {
    this.assent = assent;
    this.settings = settings;
    this.people = new People(assent.directory());
  }

  /** {@code rate} is absent where nothing was decided, times are in seconds. */
  record LineView(
      @Nullable String month,
      @Nullable String tool,
      @Nullable PersonView approver,
      int total,
      int approved,
      int rejected,
      int expired,
      int cancelled,
      int edited,
      @Nullable Double rate,
      @Nullable Double p50,
      @Nullable Double p95,
      int hasty,
      int brokeGlass) {}

  /** {@code unreadable} is what could not be read and is not counted. */
  record ReportView(
      String zone,
      List<LineView> lines,
      LineView total,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<PageView.Missing> unreadable) {}

  record DecisionView(
      Instant at,
      PersonView by,
      String verdict,
      @Nullable String reasonCode,
      @Nullable String reason,
      @Nullable String value,
      boolean hidden,
      String requirement,
      int version,
      String kind,
      String run,
      String agent,
      String tool,
      String prompt,
      String arguments,
      MandateView.@Nullable Used byMandate) {}

  @GetMapping("/approvals/report")
  ResponseEntity<?> report(
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(defaultValue = "UTC") String zone,
      @RequestParam(required = false) @Nullable String tool,
      @RequestParam(required = false) @Nullable String approver,
      @RequestParam(defaultValue = "json") String format,
      LoggedIn login) {
    Roles.auditor(login, assent.authority().profile(), settings);
    ApprovalReport report =
        assent.approvalReport(Wanted.span("", from, to), zone(zone), tool, approver);
    List<LineView> lines = report.lines().stream().map(this::view).toList();
    return switch (format) {
      case "json" ->
          ResponseEntity.ok(
              new ReportView(
                  report.zone().getId(),
                  lines,
                  view(report.total()),
                  report.unreadable().stream().map(PageView.Missing::of).toList()));
      case "csv" ->
          file("approvals.csv", "text/csv;charset=UTF-8")
              .body(csv(lines) + unreadable(report.unreadable()));
      default -> throw Wanted.invalid("format", "is json or csv");
    };
  }

  private static ZoneId zone(String name) {
    try {
      return ZoneId.of(name);
    } catch (DateTimeException e) {
      throw Wanted.invalid("zone", "is a time zone such as Europe/Berlin");
    }
  }

  private LineView view(ApprovalReport.Line line) {
    return new LineView(
        Objects.toString(line.month(), null),
        line.tool(),
        people.personOrNull(line.approver()),
        line.total(),
        line.approved(),
        line.rejected(),
        line.expired(),
        line.cancelled(),
        line.edited(),
        line.approvalRate(),
        seconds(line.median()),
        seconds(line.p95()),
        line.hasty(),
        line.brokeGlass());
  }

  private static @Nullable Double seconds(@Nullable Duration time) {
    return time == null ? null : time.toMillis() / 1_000.0;
  }

  private static String csv(List<LineView> lines) {
    StringBuilder rows =
        new StringBuilder(
            "month,tool,approver,approver_name,total,approved,rejected,expired,cancelled,edited,"
                + "rate,p50_seconds,p95_seconds,within_2_seconds,by_break_glass\r\n");
    for (LineView line : lines) {
      PersonView approver = line.approver();
      rows.append(
          Csv.row(
              line.month(),
              line.tool(),
              approver == null ? null : approver.id(),
              approver == null ? null : approver.name(),
              line.total(),
              line.approved(),
              line.rejected(),
              line.expired(),
              line.cancelled(),
              line.edited(),
              line.rate(),
              line.p50(),
              line.p95(),
              line.hasty(),
              line.brokeGlass()));
    }
    return rows.toString();
  }

  /**
   * Every decision made in the time, with what was asked; secrets are said to be hidden and never
   * told.
   */
  @GetMapping("/decisions")
  ResponseEntity<StreamingResponseBody> decisions(
      @RequestParam(required = false) @Nullable String from,
      @RequestParam(required = false) @Nullable String to,
      @RequestParam(defaultValue = "jsonl") String format,
      @RequestParam(required = false) @Nullable String reasonCode,
      LoggedIn login) {
    Roles.auditor(login, assent.authority().profile(), settings);
    Store.Span span = Wanted.span("", from, to);
    return switch (format) {
      case "jsonl" ->
          file("decisions.jsonl", "application/x-ndjson")
              .body(out -> log(span, reasonCode, false, writer(out)));
      case "csv" ->
          file("decisions.csv", "text/csv;charset=UTF-8")
              .body(out -> log(span, reasonCode, true, writer(out)));
      default -> throw Wanted.invalid("format", "is jsonl or csv");
    };
  }

  private static Writer writer(java.io.OutputStream out) {
    return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
  }

  /** Of decisions for one reason, where it is named. */
  private void log(Store.Span span, @Nullable String reasonCode, boolean csv, Writer out)
      throws IOException {
    if (csv) {
      out.write(
          "at,by,name,verdict,reason_code,reason,value,requirement,version,kind,run,agent,tool,prompt,"
              + "arguments,mandate,mandate_kind,authority\r\n");
    }
    Store.Span opened = new Store.Span(null, span.to());
    List<Store.Unreadable> missed = new ArrayList<>();
    for (Requirement requirement : assent.requirements(opened, missed::add)) {
      try {
        RequirementCard card = assent.card(requirement);
        for (RequirementCard.CardDecision said : card.decisions()) {
          if (span.holds(said.decision().at())
              && (reasonCode == null || reasonCode.equals(said.decision().reasonCode()))) {
            Entry entry = entry(card, said);
            out.write(csv ? entry.row() : JSON.writeValueAsString(entry.whole()) + "\n");
          }
        }
      } catch (AssentException e) {
        missed.add(new Store.Unreadable(requirement.id().value(), e.code()));
      }
    }
    for (Store.Unreadable each : missed) {
      out.write(unreadable(each, csv));
    }
    out.flush();
  }

  /** A line of its own for what cannot be read: the others are told all the same. */
  private static String unreadable(Store.Unreadable missed, boolean csv) {
    return csv
        ? Csv.row("", "", "", "UNREADABLE", "", missed.why(), "", missed.id())
        : JSON.writeValueAsString(Map.of("requirement", missed.id(), "unreadable", missed.why()))
            + "\n";
  }

  private static String unreadable(List<Store.Unreadable> missed) {
    StringBuilder rows = new StringBuilder();
    missed.forEach(each -> rows.append(Csv.row("UNREADABLE", each.id(), each.why())));
    return rows.toString();
  }

  /** A decision with its texts as people are shown them. */
  private record Entry(
      DecisionView whole,
      @Nullable SafeText reason,
      @Nullable SafeText value,
      SafeText prompt,
      SafeText arguments) {

    String row() {
      MandateView.Used mandate = whole.byMandate();
      return Csv.row(
          whole.at(),
          whole.by().id(),
          whole.by().name(),
          whole.verdict(),
          whole.reasonCode(),
          reason,
          whole.hidden() ? "(hidden)" : value,
          whole.requirement(),
          whole.version(),
          whole.kind(),
          whole.run(),
          whole.agent(),
          whole.tool(),
          prompt,
          arguments,
          mandate == null ? null : mandate.id(),
          mandate == null ? null : mandate.kind(),
          mandate == null ? null : mandate.giver().id());
    }
  }

  private Entry entry(RequirementCard card, RequirementCard.CardDecision said) {
    Requirement requirement = card.requirement();
    SafeText reason = said.words() == null ? null : card.shown(said.words());
    SafeText value = said.value() == null ? null : card.shownValue(said);
    SafeText prompt = card.shownPrompt();
    SafeText arguments =
        card.redaction()
            .arguments(
                card.argumentsOf(
                    said.decision().verdict() == Verdict.EDIT
                        ? said.decision().version() + 1
                        : said.decision().version()));
    return new Entry(
        new DecisionView(
            said.decision().at(),
            people.person(said.decision().principal()),
            said.decision().verdict().name(),
            said.decision().reasonCode(),
            reason == null ? null : reason.masked(),
            value == null ? null : value.masked(),
            said.value() == null && said.decision().value() != null,
            requirement.id().value(),
            said.decision().version(),
            requirement.kind().name(),
            requirement.run().value(),
            requirement.agent(),
            requirement.tool(),
            prompt.masked(),
            arguments.masked(),
            MandateView.Used.of(said.mandate(), people)),
        reason,
        value,
        prompt,
        arguments);
  }

  private static ResponseEntity.BodyBuilder file(String name, String type) {
    return ResponseEntity.ok()
        .contentType(MediaType.parseMediaType(type))
        .header(
            HttpHeaders.CONTENT_DISPOSITION,
            ContentDisposition.attachment().filename(name).build().toString());
  }
}
