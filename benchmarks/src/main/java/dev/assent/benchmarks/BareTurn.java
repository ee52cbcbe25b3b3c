package dev.assent.benchmarks;

import dev.assent.core.Effect;
import dev.langchain4j.service.AiServices;
import dev.langchain4j.service.SystemMessage;
import java.util.List;

/**
 * LangChain4j's own turn: model, tool, model, by its AI services. Beside that it does nothing but
 * the commits it is given.
 */
final class BareTurn implements Turns {
  /** What LangChain4j implements. */
  interface Clerk {
    /** Answers. */
    @SystemMessage(BookingTools.INSTRUCTIONS)
    String answer(String question);
  }

  private final BookingTools.Committing tools;
  private final Clerk clerk;

  BareTurn(Effect effect) {
    this.tools = new BookingTools.Committing(effect);
    this.clerk =
        AiServices.builder(Clerk.class).chatModel(new BookingTools.Scripted()).tools(tools).build();
  }

  @Override
  public String run(String question, List<Runnable> transactions) {
    tools.begin(transactions);
    String said = clerk.answer(question);
    tools.end();
    return said;
  }
}
