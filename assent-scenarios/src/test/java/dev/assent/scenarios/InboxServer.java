package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.server.AssentServer;
import dev.assent.server.ServerOptions;
import dev.assent.testkit.ScriptedModel;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A server as people start it, with one agent that pays what its script says. */
final class InboxServer implements AutoCloseable {
  static final String NAME = "admin";
  static final String CHOSEN = "a password of my own";

  final ScriptedModel model = ScriptedModel.inOrder();
  final Payments payments = new Payments();
  final PeoplesTools people = new PeoplesTools();
  final String oneTimePassword;
  private final AssentServer server;

  /** What was paid, as the tool was told. */
  static final class Payments {
    final List<Payment> made = new CopyOnWriteArrayList<>();

    record Payment(String invoice, long amount, String vendor, String memo) {}

    @Tool(value = "Pays an invoice", effect = Effect.AT_MOST_ONCE)
    @RequiresApproval(
        summary = "Pay {amount} to {vendor}",
        message = "Compare the vendor with the contract.",
        expiresAfter = "PT2H")
    String payInvoice(String invoice, long amount, String vendor, String memo) {
      made.add(new Payment(invoice, amount, vendor, memo));
      return "paid invoice " + invoice;
    }
  }

  InboxServer(Path data) {
    this(ServerOptions.in(data).onPort(0));
  }

  /**
   * @param more further tools of the agent
   */
  InboxServer(ServerOptions options, Object... more) {
    ByteArrayOutputStream said = new ByteArrayOutputStream();
    server = start(options, said, more);
    Matcher password =
        Pattern.compile("password  (\\S+)").matcher(said.toString(StandardCharsets.UTF_8));
    assertThat(password.find()).as("the first start says a one-time password").isTrue();
    oneTimePassword = password.group(1);
  }

  /** The one-time password is said on standard output and nowhere else. */
  private AssentServer start(ServerOptions options, ByteArrayOutputStream said, Object... more) {
    PrintStream before = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      return AssentServer.start(
          options,
          Agent.named("finance_bot")
              .description("Pays invoices")
              .instructions("You pay invoices.")
              .model(model)
              .tools(payments)
              .tools(people.all())
              .tools(more)
              .build());
    } finally {
      System.setOut(before);
    }
  }

  String url() {
    return server.url();
  }

  /** A session without a browser, in which the first password was changed already. */
  ApiSession firstSession() {
    ApiSession session = new ApiSession(url());
    session.begin(NAME, oneTimePassword, CHOSEN);
    return session;
  }

  static Message.Call pays(String id, Payments.Payment payment) {
    return ScriptedModel.call(id, "payInvoice", ApiSession.JSON.writeValueAsString(payment));
  }

  @Override
  public void close() {
    server.close();
  }
}
