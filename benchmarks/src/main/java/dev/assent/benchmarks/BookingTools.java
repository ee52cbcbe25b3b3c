package dev.assent.benchmarks;

import dev.assent.core.Effect;
import dev.assent.core.Tool;
import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.data.message.AiMessage;
import dev.langchain4j.data.message.ToolExecutionResultMessage;
import dev.langchain4j.model.chat.ChatModel;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/** The one tool of the turns, for Assent and for LangChain4j alike, and who calls it. */
final class BookingTools {
  static final String INSTRUCTIONS = "You book invoices.";
  static final String QUESTION = "Book the next invoice.";
  private static final String ABOUT = "Books an invoice";

  private BookingTools() {}

  /** An object with a tool {@code book} of this effect. */
  static Object of(Effect effect) {
    return switch (effect) {
      case READ_ONLY -> new ReadOnly();
      case AT_MOST_ONCE -> new AtMostOnce();
      case IDEMPOTENT, TRANSACTIONAL ->
          throw new IllegalArgumentException("no turn is measured with " + effect);
    };
  }

  /** Does something outside. */
  static final class AtMostOnce {
    @Tool(ABOUT)
    @dev.langchain4j.agent.tool.Tool(ABOUT)
    String book(String invoice, long amount, String vendor, String memo) {
      return booked(invoice, amount, vendor, memo);
    }
  }

  /** Only looks. */
  static final class ReadOnly {
    @Tool(value = ABOUT, effect = Effect.READ_ONLY)
    @dev.langchain4j.agent.tool.Tool(ABOUT)
    String book(String invoice, long amount, String vendor, String memo) {
      return booked(invoice, amount, vendor, memo);
    }
  }

  /**
   * The same tool between the commits that its turn needs: before it, if it has effects, and after.
   */
  static final class Committing {
    private final boolean intents;
    private Iterator<Runnable> commits = Collections.emptyIterator();

    Committing(Effect effect) {
      this.intents = effect != Effect.READ_ONLY;
    }

    /** What the next turn commits. */
    void begin(List<Runnable> transactions) {
      commits = transactions.iterator();
    }

    @dev.langchain4j.agent.tool.Tool(ABOUT)
    String book(String invoice, long amount, String vendor, String memo) {
      if (intents) {
        commits.next().run();
      }
      String told = booked(invoice, amount, vendor, memo);
      commits.next().run();
      return told;
    }

    /** Commits the answer. */
    void end() {
      commits.next().run();
      if (commits.hasNext()) {
        throw new IllegalStateException("a commit is left over");
      }
    }
  }

  private static String booked(String invoice, long amount, String vendor, String memo) {
    return "booked " + invoice + ": " + amount + " to " + vendor + " for " + memo;
  }

  /** Calls the tool once, then says that it is done. Thread-safe. */
  static final class Scripted implements ChatModel {
    private final AtomicLong invoices = new AtomicLong();

    @Override
    public ChatResponse doChat(ChatRequest request) {
      AiMessage said =
          request.messages().getLast() instanceof ToolExecutionResultMessage
              ? AiMessage.from("It is booked.")
              : AiMessage.from("I book it.", List.of(call()));
      return ChatResponse.builder().aiMessage(said).build();
    }

    private ToolExecutionRequest call() {
      return ToolExecutionRequest.builder()
          .id("call_1")
          .name("book")
          .arguments(Bench.arguments("i" + invoices.incrementAndGet()))
          .build();
    }
  }
}
