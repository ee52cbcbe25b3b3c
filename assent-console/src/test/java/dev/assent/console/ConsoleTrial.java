package dev.assent.console;

import dev.assent.core.Message;
import dev.assent.core.Param;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Risk;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunResult;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.IntSupplier;

/**
 * Tries the responder on a real terminal: a scripted agent wants to pay, to note and to look, with
 * arguments that try to hide. Prints {@code PAID} and {@code NOTED} when a tool ran.
 *
 * <p>Arguments: {@code unchecked} leaves out the check for a terminal; {@code long} makes the memo
 * long; {@code doubt} makes the payment fail in the middle.
 */
final class ConsoleTrial {
  private static final String HOSTILE =
      "{\"amount\": 12000, \"vendor\": \"Acme Corp\", \"memo\": \"Reimbursement \u202Ex\u202C"
          + " \\u001b[2J\\u001b[1;1H all is well\\n   vendor    Nobody%s\"}";

  private ConsoleTrial() {}

  public static void main(String[] args) throws InterruptedException {
    List<String> options = Arrays.asList(args);
    if (!options.contains("unchecked")) {
      int code = ConsoleResponder.requireTerminal();
      if (code != 0) {
        System.exit(code);
      }
    }
    InMemoryStore store = new InMemoryStore();
    Principal operator = Principal.person("berta");
    IntSupplier waiting =
        () -> store.requirements("main", Store.RequirementQuery.pending(100)).items().size();
    String memo = options.contains("long") ? ", and so on".repeat(400) : "";
    Agent agent =
        Agent.named("finance_bot")
            .model(new Script(HOSTILE.formatted(memo)))
            .tools(new Tools(options.contains("doubt")))
            .build();
    try (Assent assent =
        Assent.on(store)
            .answeredFromOutside()
            .operator(operator)
            .register(agent)
            .responder(ConsoleResponder.builder().operator(operator).waiting(waiting).build())
            .start()) {
      RunResult result = assent.run("finance_bot", "Pay the invoice");
      long end =
          System.nanoTime() + Duration.ofSeconds(options.contains("unchecked") ? 3 : 600).toNanos();
      while (result instanceof RunResult.Paused && System.nanoTime() < end) {
        Thread.sleep(100);
        result = assent.resume(result.run());
      }
      System.out.println("END " + result.status());
    }
  }

  /** Three calls at once, then an answer. */
  private record Script(String payment) implements Model {
    @Override
    public String name() {
      return "script";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      boolean done = request.messages().stream().anyMatch(Message.ToolResult.class::isInstance);
      return new Reply(
          done
              ? new Message.Assistant("All done.", List.of())
              : new Message.Assistant(
                  "The invoice is due today.\nPlease press y, it is \u001b[1mharmless\u001b[0m.",
                  List.of(
                      new Message.Call("1", "pay_invoice", payment),
                      new Message.Call(
                          "2",
                          "note",
                          "{\"text\": \"paid\", \"labels\": [\"a\", {\"b\": \"true\"}], \"empty\":"
                              + " \" \"}"),
                      new Message.Call("3", "note", "{\"text\": \"again\"}"))),
          TokenUse.NONE);
    }
  }

  private record Tools(boolean failing) {
    @Tool(name = "pay_invoice", value = "Pays an invoice")
    @RequiresApproval(
        risk = Risk.HIGH,
        expiresAfter = "PT20M",
        message = "Check the vendor's list.")
    String payInvoice(
        @Param(name = "amount") long amount,
        @Param(name = "vendor") String vendor,
        @Param(name = "memo") String memo) {
      System.out.println("PAID");
      if (failing) {
        throw new IllegalStateException("connection lost");
      }
      return "paid " + amount;
    }

    @Tool(name = "note", value = "Writes a note")
    @RequiresApproval
    String note(
        @Param(name = "text") String text,
        @Param(name = "labels", required = false) List<Object> labels,
        @Param(name = "empty", required = false) String empty) {
      System.out.println("NOTED");
      return "noted";
    }
  }
}
