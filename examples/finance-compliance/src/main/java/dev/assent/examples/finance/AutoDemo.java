package dev.assent.examples.finance;

import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Plays the person and the accidents: logs in over the HTTP API, approves and rejects by a rule,
 * kills the server four times with -9, settles what is in doubt by the ledger, and checks what came
 * of it. For one thread.
 */
final class AutoDemo implements Callable<Integer> {
  private final Steps steps;
  private final PrintStream out;
  private final List<Transaction> rows;
  private final Path folder;
  private final Ledger ledger;
  private final Hold hold;
  private @Nullable ServerChild server;
  private int kills;

  AutoDemo(PrintStream out, Path folder, List<Transaction> rows) {
    this.out = out;
    this.steps = new Steps(out);
    this.folder = folder;
    this.rows = rows;
    this.ledger = new Ledger(folder);
    this.hold = new Hold(folder);
  }

  /** Runs it all in a new folder, which is deleted when all is well; the exit code. */
  static int run(PrintStream out, List<Transaction> rows) throws Exception {
    Path folder = Files.createTempDirectory("assent-demo-");
    int code = new AutoDemo(out, folder, rows).call();
    if (code == 0) {
      delete(folder);
    } else {
      out.println("The data, the ledger and the server's log are kept in " + folder);
    }
    return code;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    try {
      server = ServerChild.start(folder);
      return scene(server.address(), server.oneTimePassword().orElseThrow());
    } catch (IllegalStateException | ApiException | UncheckedIOException e) {
      steps.say("WRONG: " + e.getMessage());
      return 1;
    } finally {
      hold.release();
      if (server != null) {
        server.close();
      }
    }
  }

  private int scene(URI address, String oneTimePassword) throws IOException, InterruptedException {
    steps.say("server started as a child process, address " + address);
    ApiClient api = new ApiClient(address);
    api.firstLogin("admin", oneTimePassword, UUID.randomUUID().toString());
    steps.say("logged in as admin with the one-time password, chose another");
    JsonNode started =
        api.post(
            "agents/" + FinanceBot.NAME + "/runs",
            Map.of("message", FinanceBot.message(rows), "labels", Map.of("demo", "auto")),
            UUID.randomUUID().toString());
    Inbox inbox = new Inbox(api, started.get("id").asString());
    steps.say("finance_bot is asked to pay " + rows.size() + " rows; " + DemoModel.NAME);

    killWhilePaused(api, inbox);
    decideBatch(inbox);
    killBetweenDecisionAndIntent(api, inbox);
    decideBatch(inbox);
    killInside(api, inbox, Hold.Point.BEFORE_EFFECT, "between intent and effect");
    decideBatch(inbox);
    killInside(api, inbox, Hold.Point.AFTER_EFFECT, "between effect and result");
    while (!inbox.ended()) {
      decideBatch(inbox);
    }
    JsonNode run = inbox.run();
    steps.say("the run has ended: " + run.get("status").asString());
    Check check =
        new Check(
            rows,
            run,
            inbox.approved(),
            inbox.reconciled(),
            ledger.lines(),
            api.get("audit/verify"),
            kills);
    out.println();
    check.table().forEach(out::println);
    return check.problems().isEmpty() ? 0 : 1;
  }

  /** What waits once the run can only wait; empty when it has ended. */
  private static List<Payment> rest(Inbox inbox) throws InterruptedException {
    Steps.await(
        "the run waits or ends",
        () -> inbox.waits() ? inbox.status().equals("PAUSED") : inbox.ended());
    return inbox.pending();
  }

  /** Decides what waits now. */
  private void decideBatch(Inbox inbox) throws InterruptedException {
    decide(inbox, rest(inbox));
  }

  private void decide(Inbox inbox, List<Payment> pending) {
    List<Payment> asked = pending.stream().filter(Payment::approval).toList();
    long approved = asked.stream().filter(inbox::decide).count();
    if (!asked.isEmpty()) {
      steps.say(
          "approved " + approved + ", rejected " + (asked.size() - approved) + " by the rule");
    }
  }

  private void killWhilePaused(ApiClient api, Inbox inbox)
      throws IOException, InterruptedException {
    List<Payment> before = rest(inbox);
    steps.say("the run is paused, " + before.size() + " payments wait for approval");
    killAndRestart(api, "while paused");
    if (!inbox.pending().equals(before)) {
      throw new IllegalStateException("after the restart something else waits than before");
    }
    steps.say("the same " + before.size() + " payments wait, with the same digests");
  }

  private void killBetweenDecisionAndIntent(ApiClient api, Inbox inbox)
      throws IOException, InterruptedException {
    Payment payment = approveAndHold(inbox, Hold.Point.BEFORE_INTENT);
    expect(inbox.decided(payment).equals("APPROVED"), "the approval is not recorded");
    expect(!inbox.status(payment.call()).equals("EXECUTING"), "the call has begun already");
    killAndRestart(api, "between decision and intent");
    Steps.await(
        "the approved payment is made", () -> inbox.status(payment.call()).equals("SUCCEEDED"));
    expect(lines(payment).size() == 1, "the payment was not made exactly once");
    steps.say(payment.invoice() + " was paid after the restart, on the approval from before");
  }

  private void killInside(ApiClient api, Inbox inbox, Hold.Point point, String where)
      throws IOException, InterruptedException {
    Payment payment = approveAndHold(inbox, point);
    expect(inbox.status(payment.call()).equals("EXECUTING"), "the call is not being executed");
    killAndRestart(api, where);
    decide(inbox, inbox.pending());
    List<Payment> doubts = new ArrayList<>();
    Steps.await(
        "the payment is in doubt",
        () -> {
          doubts.clear();
          doubts.addAll(
              inbox.pending().stream()
                  .filter(each -> !each.approval() && each.call().equals(payment.call()))
                  .toList());
          return !doubts.isEmpty();
        });
    reconcile(inbox, payment, doubts.getFirst());
    Steps.await("the doubt is settled", () -> inbox.status(payment.call()).equals("SUCCEEDED"));
    expect(lines(payment).size() == 1, "the payment was not made exactly once");
  }

  private void reconcile(Inbox inbox, Payment payment, Payment doubt) throws IOException {
    List<Ledger.Line> lines = lines(payment);
    if (lines.isEmpty()) {
      inbox.didNotHappen(doubt);
      steps.say(
          payment.invoice()
              + " is in doubt; the ledger has no line: reconciled as not happened,"
              + " so it is paid now");
    } else {
      inbox.happened(doubt, lines.getFirst());
      steps.say(
          payment.invoice()
              + " is in doubt; the ledger has line "
              + lines.getFirst().number()
              + ": reconciled as happened");
    }
  }

  /** Approves the first payment that the rule has nothing against, and waits until it is held. */
  private Payment approveAndHold(Inbox inbox, Hold.Point point) throws InterruptedException {
    Payment payment =
        rest(inbox).stream()
            .filter(each -> each.approval() && Approver.objection(each).isEmpty())
            .findFirst()
            .orElseThrow(() -> new IllegalStateException("nothing waits that could be approved"));
    hold.ask(point, payment.invoice());
    inbox.approve(payment);
    Steps.await("the payment is held", hold::reached);
    return payment;
  }

  private void killAndRestart(ApiClient api, String when) throws IOException, InterruptedException {
    int code = current().kill();
    kills++;
    hold.release();
    server = ServerChild.start(folder);
    api.moveTo(current().address());
    steps.say("killed with -9 " + when + " (exit code " + code + "), started again");
  }

  private ServerChild current() {
    ServerChild running = server;
    if (running == null) {
      throw new IllegalStateException("the server was not started");
    }
    return running;
  }

  private List<Ledger.Line> lines(Payment payment) throws IOException {
    return ledger.lines().stream()
        .filter(line -> line.invoice().equals(payment.invoice()))
        .toList();
  }

  private static void expect(boolean so, String otherwise) {
    if (!so) {
      throw new IllegalStateException(otherwise);
    }
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
