package dev.assent.examples.classic;

import dev.assent.core.Principal;
import dev.assent.core.spi.Model;
import dev.assent.orchestration.Conversation;
import dev.assent.orchestration.ConversationRun;
import dev.assent.orchestration.Frame;
import dev.assent.orchestration.Lines;
import dev.assent.orchestration.Participant;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.util.List;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * A person gives finance_bot three transactions. It processes what is harmless; what is suspicious
 * waits for the person, whatever the bot writes about it.
 *
 * <p>Run it: it types {@code approve} and {@code exit} by itself. With the argument {@code ask} it
 * takes random transactions and you type.
 */
public final class FinanceCompliance {
  static final Principal PERSON = Principal.person("you");

  static final List<Transaction> OF_THE_DOCUMENT =
      List.of(
          new Transaction(1500, "Unicorn LLC", "Quarterly supplies"),
          new Transaction(12000, "Acme Corp", "Reimbursement"),
          new Transaction(4000, "CyberSins Ltd", "Routine payment"));

  private static final String INSTRUCTIONS =
      """
      You are a financial compliance assistant. You will be given a set of transaction descriptions.
      Process each of them by one call of process_transaction, all in one message, and list them in
      that message exactly as they are given, one in a line. For each transaction:
      - If it seems suspicious (e.g., amount > $10,000, vendor is unusual, memo is vague), say that
        it requires approval.
      - Otherwise, say that it is approved automatically.
      The human decides about what requires approval before it runs.
      When all transactions are processed, summarize the results and say "You can type exit to finish".
      """;

  private FinanceCompliance() {}

  /** Plays the document's conversation, or with {@code ask} one of your own. */
  public static void main(String[] args) throws IOException {
    boolean ask = List.of(args).contains("ask");
    Model model = new FinanceDemoModel();
    System.out.println("finance_bot is played by the " + model.name() + ".\n");
    Conversation conversation = conversation(model, new Books());
    try (Assent assent =
        Assent.on(new InMemoryStore())
            .answeredFromOutside()
            .operator(PERSON)
            .register(conversation.agent())
            .start()) {
      ConversationRun run = conversation.start(assent, message(ask ? random() : OF_THE_DOCUMENT));
      Lines lines =
          ask
              ? Lines.typed(
                  new BufferedReader(new InputStreamReader(System.in, Charset.defaultCharset())))
              : Lines.of("approve", "exit");
      Frame frame = Frame.to(System.out, UUID.randomUUID().toString());
      run.process(ask ? frame : frame.withoutTools(), lines, PERSON);
    }
  }

  static Conversation conversation(Model model, Books books) {
    Participant human = Participant.person("human").decidesInWords().build();
    Participant financeBot =
        Participant.agent("finance_bot", model)
            .instructions(INSTRUCTIONS)
            .tools(books)
            .policy(CompliancePolicy.standard())
            .build();
    return Conversation.between(human, financeBot);
  }

  static String message(List<Transaction> transactions) {
    return "Please process the following transactions one at a time:\n\n"
        + IntStream.range(0, transactions.size())
            .mapToObj(i -> (i + 1) + ". " + transactions.get(i))
            .collect(Collectors.joining("\n"));
  }

  private static List<Transaction> random() {
    Random random = new Random();
    return Stream.generate(() -> Transaction.random(random)).limit(3).toList();
  }
}
