package dev.assent.console;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.Digest;
import dev.assent.core.Reasons;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.RunStatus;
import dev.assent.core.Threshold;
import dev.assent.core.ToolCallId;
import dev.assent.runtime.RequirementCard;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Cards to be asked about; derive one from the other. */
record TestingCards(
    RequirementKind kind,
    Risk risk,
    String arguments,
    String words,
    String name,
    RequirementStatus status,
    String requester,
    @Nullable Reasons reasons) {
  static final TestingCards PAY =
      new TestingCards(
          RequirementKind.APPROVAL,
          Risk.MEDIUM,
          "{\"amount\":12000,\"memo\":\"Reimbursement \u202Ex\",\"vendor\":\"Acme Corp\"}",
          "It is due.",
          "c1",
          RequirementStatus.PENDING,
          "berta",
          null);

  TestingCards reasons(Reasons other) {
    return new TestingCards(kind, risk, arguments, words, name, status, requester, other);
  }

  TestingCards kind(RequirementKind other) {
    return new TestingCards(other, risk, arguments, words, name, status, requester, reasons);
  }

  TestingCards risk(Risk other) {
    return new TestingCards(kind, other, arguments, words, name, status, requester, reasons);
  }

  TestingCards arguments(String other) {
    return new TestingCards(kind, risk, other, words, name, status, requester, reasons);
  }

  TestingCards words(String other) {
    return new TestingCards(kind, risk, arguments, other, name, status, requester, reasons);
  }

  TestingCards named(String other) {
    return new TestingCards(kind, risk, arguments, words, other, status, requester, reasons);
  }

  TestingCards status(RequirementStatus other) {
    return new TestingCards(kind, risk, arguments, words, name, other, requester, reasons);
  }

  TestingCards requester(String other) {
    return new TestingCards(kind, risk, arguments, words, name, status, other, reasons);
  }

  RequirementCard card() {
    RunId run = new RunId("r1");
    ToolCallId call = new ToolCallId(name);
    Digest digest = digest(name);
    Requirement requirement =
        new Requirement(
            RequirementId.of(run, call, kind, 1),
            kind,
            run,
            run,
            "s1",
            "finance_bot",
            call,
            "pay_invoice",
            kind == RequirementKind.RECONCILIATION ? 1 : 0,
            1,
            3,
            1,
            digest,
            new ApprovalTerms(
                    "payments need finance",
                    List.of(Threshold.role("finance")),
                    risk,
                    "",
                    null,
                    Duration.ofMinutes(20),
                    null,
                    ApprovalTerms.OnExpiry.REJECT)
                .withReasons(reasons),
            requester,
            new BodyRef(new BodyId("b1"), digest),
            null,
            TestingTty.START,
            TestingTty.START.plusSeconds(1200),
            status,
            null,
            null);
    return new RequirementCard(
        requirement,
        arguments,
        "",
        words,
        List.of(),
        0,
        1,
        null,
        RunStatus.PAUSED,
        null,
        null,
        requester);
  }

  static Digest digest(String name) {
    return Digest.sha256(name.getBytes(StandardCharsets.UTF_8));
  }
}
