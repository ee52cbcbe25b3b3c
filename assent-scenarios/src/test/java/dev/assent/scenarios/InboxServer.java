package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Effect;
import dev.assent.core.Message;
import dev.assent.core.Principal;
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
  static final String CHOSEN = KnownPeople.PASSWORD;

  final ScriptedModel model = ScriptedModel.inOrder();
  final Payments payments = new Payments();
  final PeoplesTools people = new PeoplesTools();

  /** Of {@link #first}; empty where people are known already. */
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
    KnownPeople.in(
        options.data(), Principal.person(NAME, options.firstRoles().toArray(String[]::new)));
    server = start(options, more);
    oneTimePassword = "";
  }

  /** One that these know already, beside whom it belongs to. */
  static InboxServer among(Path data, Principal... people) {
    KnownPeople.in(data, people);
    return new InboxServer(data);
  }

  /** The one-time password is said on standard output and nowhere else. */
  private InboxServer(ServerOptions options, ByteArrayOutputStream said) {
    PrintStream before = System.out;
    System.setOut(new PrintStream(said, true, StandardCharsets.UTF_8));
    try {
      server = start(options);
    } finally {
      System.setOut(before);
    }
    Matcher password =
        Pattern.compile("password  (\\S+)").matcher(said.toString(StandardCharsets.UTF_8));
    assertThat(password.find()).as("the first start says a one-time password").isTrue();
    oneTimePassword = password.group(1);
  }

  /**
   * One that starts for the first time: nobody has a password of their own yet. Takes standard
   * output while it starts.
   */
  static InboxServer first(Path data) {
    return new InboxServer(ServerOptions.in(data).onPort(0), new ByteArrayOutputStream());
  }

  private AssentServer start(ServerOptions options, Object... more) {
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
  }

  String url() {
    return server.url();
  }

  /** A session without a browser. */
  ApiSession firstSession() {
    return session(NAME);
  }

  /** One of somebody else's. */
  ApiSession session(String name) {
    ApiSession session = new ApiSession(url());
    session.logIn(name, CHOSEN);
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
