package dev.assent.examples.classic;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.Keyring;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunStatus;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Store;
import dev.assent.orchestration.Conversation;
import dev.assent.orchestration.ConversationRun;
import dev.assent.orchestration.Frame;
import dev.assent.orchestration.Lines;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.ScriptedModel;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("D5")
@Tag("X63")
@DisplayName("the financial compliance example")
class FinanceComplianceTest {
  private static final String UUID = "e7d81dde-89ff-4cfc-bfd5-26285f5100d0";
  private static final List<Transaction> ALL = FinanceCompliance.OF_THE_DOCUMENT;

  private final Books books = new Books();
  private final StringBuilder out = new StringBuilder();

  private static String golden() throws IOException {
    try (var in =
        Objects.requireNonNull(FinanceComplianceTest.class.getResourceAsStream("transcript.txt"))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Says what the document's bot said. */
  private static ScriptedModel asInTheDocument() {
    return ScriptedModel.byTurn()
        .replies(
            """
            Here are the transactions to process:

            1. Transaction: $1500 to Unicorn LLC. Memo: Quarterly supplies. - **Approved automatically.**
            2. Transaction: $12000 to Acme Corp. Memo: Reimbursement. - **Requires approval.**
            3. Transaction: $4000 to CyberSins Ltd. Memo: Routine payment. - **Approved automatically.**

            Please provide approval for the transaction requiring it.""",
            calls())
        .says(
            """
            All transactions have been processed:

            1. Transaction: $1500 to Unicorn LLC. Memo: Quarterly supplies. - Approved.
            2. Transaction: $12000 to Acme Corp. Memo: Reimbursement. - Approved.
            3. Transaction: $4000 to CyberSins Ltd. Memo: Routine payment. - Approved.

            You can type exit to finish.""");
  }

  private static Message.Call[] calls() {
    return ALL.stream()
        .map(each -> call("process_transaction", each.arguments().toString()))
        .toArray(Message.Call[]::new);
  }

  private static Assent open(Store store, Conversation conversation) {
    return Assent.on(store)
        .answeredFromOutside()
        .operator(FinanceCompliance.PERSON)
        .register(conversation.agent())
        .start();
  }

  private RunResult play(Model model, String... lines) {
    Conversation conversation = FinanceCompliance.conversation(model, books);
    try (Assent assent = open(new InMemoryStore(), conversation)) {
      return conversation
          .start(assent, FinanceCompliance.message(ALL))
          .process(Frame.to(out, UUID).withoutTools(), Lines.of(lines), FinanceCompliance.PERSON);
    }
  }

  @Test
  @Tag("D3")
  @Tag("D5")
  @DisplayName("the transcript of the document, byte for byte")
  void goldenTranscript() throws IOException {
    RunResult result = play(asInTheDocument(), "approve", "exit");

    assertThat(out.toString()).isEqualTo(golden());
    assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(books.entries()).isEqualTo(ALL);
  }

  @Test
  void demoModelSaysTheSame() throws IOException {
    play(new FinanceDemoModel(), "approve", "exit");

    assertThat(out.toString()).isEqualTo(golden());
  }

  @Test
  void mainRunsByItselfAndNamesItsModel() throws IOException {
    PrintStream before = System.out;
    ByteArrayOutputStream printed = new ByteArrayOutputStream();
    System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
    try {
      FinanceCompliance.main(new String[0]);
    } finally {
      System.setOut(before);
    }

    String text = printed.toString(StandardCharsets.UTF_8);
    assertThat(text)
        .startsWith("finance_bot is played by the demo model (rules, no provider).\n\nhuman (to");
    assertThat(text.substring(text.indexOf("human (to")).replaceAll("RUN \\([^)]*\\)", "RUN (id)"))
        .isEqualTo(golden().replace(UUID, "id"));
  }

  @Test
  @Tag("X63")
  @DisplayName("the risky call really waits; words to the bot do not run it; also after restarts")
  void riskyCallReallyPauses(@TempDir Path folder) {
    Path file = folder.resolve("assent.db");
    Conversation conversation = FinanceCompliance.conversation(asInTheDocument(), books);
    ConversationRun run;
    try (SqliteStore store = sqlite(file);
        Assent assent = open(store, conversation)) {
      run = conversation.start(assent, FinanceCompliance.message(ALL));
      run.result();
      assertThat(books.entries()).isEmpty();
    }
    try (SqliteStore store = sqlite(file);
        Assent assent = open(store, conversation)) {
      type(conversation.of(assent, run.run()), store, "approve");

      assertThat(conversation.of(assent, run.run()).result())
          .isInstanceOfSatisfying(
              RunResult.Paused.class,
              paused ->
                  assertThat(paused.requirements())
                      .singleElement()
                      .satisfies(
                          waits -> {
                            assertThat(waits.kind()).isEqualTo(RequirementKind.APPROVAL);
                            assertThat(waits.tool()).isEqualTo("process_transaction");
                            assertThat(assent.card(waits).summary())
                                .isEqualTo(ALL.get(1).toString());
                          }));
      assertThat(books.entries()).containsExactly(ALL.get(0));
    }
    try (SqliteStore store = sqlite(file);
        Assent assent = open(store, conversation)) {
      assertThat(assent.approve(waiting(store, run, RequirementKind.APPROVAL)))
          .isInstanceOf(DecisionOutcome.Recorded.class);
      ConversationRun goesOn = conversation.of(assent, run.run());
      goesOn.result();
      type(goesOn, store, "exit");

      assertThat(goesOn.result().status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(goesOn.summary()).endsWith("You can type exit to finish.");
      assertThat(books.entries()).isEqualTo(ALL);
    }
  }

  private static SqliteStore sqlite(Path file) {
    return SqliteStore.open(file, Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]));
  }

  private static void type(ConversationRun run, Store store, String line) {
    assertThat(
            run.type(
                waiting(store, run, RequirementKind.USER_INPUT), line, FinanceCompliance.PERSON))
        .isInstanceOf(DecisionOutcome.Recorded.class);
  }

  private static RequirementId waiting(Store store, ConversationRun run, RequirementKind kind) {
    return store.requirementsOf("main", run.run()).stream()
        .filter(Requirement::open)
        .filter(requirement -> requirement.kind() == kind)
        .map(Requirement::id)
        .findFirst()
        .orElseThrow();
  }

  @Test
  @Tag("D5")
  @DisplayName("a general denial is the decision on what is gated; the rest is processed")
  void denies() {
    play(new FinanceDemoModel(), "deny, no invoice", "exit");

    assertThat(books.entries()).containsExactly(ALL.get(0), ALL.get(2));
    assertThat(out.toString()).contains("Memo: Reimbursement. - Not approved.");
  }

  @Test
  @Tag("D2")
  @Tag("D5")
  @DisplayName("reasoning interrupts: nothing is processed, and the bot hears it")
  void reasons() {
    ScriptedModel model = asInTheDocument();

    play(model, "What is the reimbursement for?", "exit");

    assertThat(books.entries()).isEmpty();
    assertThat(model.lastHeard())
        .filteredOn(Message.ToolResult.class::isInstance)
        .extracting(Message::text)
        .containsExactly("USER INTERRUPTED", "USER INTERRUPTED", "USER INTERRUPTED");
    assertThat(model.lastHeard()).endsWith(new Message.User("What is the reimbursement for?"));
  }

  @Test
  @Tag("D4")
  @DisplayName("enter processes what is harmless and asks about the rest by itself")
  void enterApprovesNothing() {
    RunResult result = play(new FinanceDemoModel(), "");

    assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
    assertThat(books.entries()).containsExactly(ALL.get(0));
    assertThat(out.toString())
        .contains("`process_transaction`, {\"amount\":12000,")
        .endsWith("Please approve or deny this request.\nY/N? ");
  }

  @ParameterizedTest
  @CsvSource({
    "10000, Acme Corp, Reimbursement, ''",
    "10001, Acme Corp, Reimbursement, 'more than 10,000 dollars'",
    "500, Globex, Reimbursement, unusual vendor",
    "500, Unicorn LLC, Confidential, vague memo",
    "23000, Globex, Urgent request, 'more than 10,000 dollars, unusual vendor, vague memo'"
  })
  @Tag("D5")
  @DisplayName("what is suspicious; 10,000 itself is not")
  void suspicions(long amount, String vendor, String memo, String why) {
    assertThat(
            String.join(
                ", ",
                CompliancePolicy.standard()
                    .suspicions(new Transaction(amount, vendor, memo).arguments())))
        .isEqualTo(why);
  }
}
