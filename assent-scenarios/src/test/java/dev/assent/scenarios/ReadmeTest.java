package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.MasterKeyFile;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.RequiresApproval;
import dev.assent.core.TokenUse;
import dev.assent.core.Tool;
import dev.assent.core.spi.Model;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The code of README.md. */
class ReadmeTest {
  private static final Path PAGE = Path.of("../README.md");
  private static final Path SOURCE = Path.of("src/test/java/dev/assent/scenarios/ReadmeTest.java");

  private final Bank bank = new Bank();

  static class Bank {
    final List<String> transfers = new ArrayList<>();

    String transfer(String invoice, long amount, String vendor) {
      transfers.add(invoice + " " + amount + " " + vendor);
      return "paid";
    }
  }

  class Payments {
    @RequiresApproval(message = "Check the vendor.", summary = "Pay {amount} to {vendor}")
    @Tool(value = "Pays an invoice", effectKey = "invoice:{invoice}", timeLimit = "PT30S")
    String pay(String invoice, long amount, String vendor) {
      return bank.transfer(invoice, amount, vendor);
    }
  }

  @Test
  void theExamplePaysOnceItIsApproved(@TempDir Path folder) {
    Model model = new PayingModel();

    try (SqliteStore store =
            SqliteStore.open(
                folder.resolve("assent.db"),
                MasterKeyFile.openOrCreate(folder.resolve("assent.key")));
        Assent assent =
            Assent.on(store)
                .operator(Principal.person("ada"))
                .register(
                    Agent.named("finance_bot")
                        .instructions("You pay invoices.")
                        .model(model)
                        .tools(new Payments())
                        .build())
                .start()) {
      RunResult result = assent.run("finance_bot", "Pay invoice 17 of Acme over 12000.");
      switch (result) {
        case RunResult.Paused paused -> assent.approve(paused.requirements().getFirst());
        case RunResult.Completed completed -> System.out.println(completed.output());
        case RunResult.Failed failed -> System.out.println(failed.code());
        case RunResult.Cancelled cancelled -> System.out.println("cancelled");
      }
      RunResult end = assent.resume(result.run());

      assertThat(result).isInstanceOf(RunResult.Paused.class);
      assertThat(end).isInstanceOf(RunResult.Completed.class);
      assertThat(bank.transfers).containsExactly("17 12000 Acme");
    }
  }

  @Test
  void theReadmeHasTheCodeThatRunsHere() throws IOException {
    String source = withoutBlanks(Files.readString(SOURCE));
    List<String> examples =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE))
            .results()
            .map(example -> withoutBlanks(example.group(1)).replaceAll("}$", ""))
            .toList();

    assertThat(examples).hasSize(2).allSatisfy(each -> assertThat(source).contains(each));
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s+", "");
  }

  /** Asks for the payment, then says what came of it. */
  private static final class PayingModel implements Model {
    @Override
    public String name() {
      return "scripted";
    }

    @Override
    public Reply call(Request request, Consumer<String> deltas) {
      return new Reply(
          request.messages().getLast() instanceof Message.ToolResult result
              ? new Message.Assistant("It is " + result.text() + ".", List.of())
              : new Message.Assistant(
                  "I pay.",
                  List.of(
                      new Message.Call(
                          "1",
                          "pay",
                          "{\"invoice\":\"17\",\"amount\":12000,\"vendor\":\"Acme\"}"))),
          TokenUse.NONE);
    }
  }
}
