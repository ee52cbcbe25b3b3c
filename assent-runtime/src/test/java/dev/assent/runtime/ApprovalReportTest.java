package dev.assent.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.RunId;
import dev.assent.core.ToolCallId;
import java.time.Duration;
import java.time.Instant;
import java.time.YearMonth;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("C14")
class ApprovalReportTest {
  private static final Instant NOON = Instant.parse("2026-01-15T12:00:00Z");
  private static final Digest DIGEST = Digest.sha256(new byte[0]);

  private final List<Requirement> requirements = new ArrayList<>();

  private void closed(
      String tool, @Nullable String by, RequirementStatus status, Instant asked, Duration after) {
    int n = requirements.size() + 1;
    Requirement open =
        new Requirement(
            new RequirementId("r-c" + n),
            RequirementKind.APPROVAL,
            new RunId("r"),
            new RunId("r"),
            "s",
            "bot",
            new ToolCallId("c" + n),
            tool,
            0,
            1,
            1,
            1,
            DIGEST,
            ApprovalTerms.simple("rule"),
            "ada",
            new BodyRef(new BodyId("b"), DIGEST),
            null,
            asked,
            null,
            RequirementStatus.PENDING,
            null,
            null);
    requirements.add(
        status == RequirementStatus.PENDING ? open : open.closed(status, by, asked.plus(after)));
  }

  @Test
  @DisplayName("the rate and the times are absent when nothing was decided")
  void nothingDecided() {
    closed("pay", null, RequirementStatus.EXPIRED, NOON, Duration.ofHours(1));
    closed("pay", null, RequirementStatus.PENDING, NOON, Duration.ZERO);

    ApprovalReport report = ApprovalReport.of(requirements, ZoneOffset.UTC);

    assertThat(report.lines()).hasSize(1);
    assertThat(report.total().total()).isEqualTo(1);
    assertThat(report.total().approvalRate()).isNull();
    assertThat(report.total().median()).isNull();
    assertThat(report.total().p95()).isNull();
    assertThat(ApprovalReport.of(List.of(), ZoneOffset.UTC).total().total()).isZero();
  }

  @Test
  @DisplayName("the month is that of the resolution in the zone that was asked for")
  void theMonthOfTheZone() {
    Instant lateInJanuary = Instant.parse("2026-01-31T23:30:00Z");
    closed("pay", "ada", RequirementStatus.APPROVED, lateInJanuary, Duration.ofMinutes(1));

    assertThat(ApprovalReport.of(requirements, ZoneOffset.UTC).lines().getFirst().month())
        .isEqualTo(YearMonth.of(2026, 1));
    assertThat(ApprovalReport.of(requirements, ZoneId.of("Europe/Berlin")).lines())
        .extracting(ApprovalReport.Line::month)
        .containsExactly(YearMonth.of(2026, 2));
  }

  @Test
  @DisplayName("each is counted once, by month, tool and approver, with times that occurred")
  void counted() {
    for (int seconds = 1; seconds <= 20; seconds++) {
      closed(
          "pay",
          "ada",
          seconds % 4 == 0 ? RequirementStatus.REJECTED : RequirementStatus.APPROVED,
          NOON,
          Duration.ofSeconds(seconds));
    }
    closed("pay", "bob", RequirementStatus.REJECTED, NOON, Duration.ofHours(1));
    closed("mail", "ada", RequirementStatus.APPROVED, NOON, Duration.ofHours(2));
    closed("mail", null, RequirementStatus.CANCELLED, NOON, Duration.ofHours(3));

    ApprovalReport report = ApprovalReport.of(requirements, ZoneOffset.UTC);

    assertThat(report.lines())
        .extracting(line -> line.tool() + " " + line.approver())
        .containsExactly("mail ada", "mail null", "pay ada", "pay bob");
    ApprovalReport.Line ada = report.lines().get(2);
    assertThat(ada.total()).isEqualTo(20);
    assertThat(ada.approved()).isEqualTo(15);
    assertThat(ada.rejected()).isEqualTo(5);
    assertThat(ada.approvalRate()).isEqualTo(0.75);
    assertThat(ada.median()).isEqualTo(Duration.ofSeconds(10));
    assertThat(ada.p95()).isEqualTo(Duration.ofSeconds(19));
    assertThat(ada.hasty()).isEqualTo(2);
    assertThat(report.total().total()).isEqualTo(23);
    assertThat(report.total().approvalRate()).isEqualTo(16.0 / 22);
  }
}
