package dev.assent.examples.agno;

import dev.assent.core.Requirement;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * One argument comes from a person: the model does not see that it exists, and cannot make it up.
 * An answer that does not fit its type is refused, and the question stays.
 */
public final class UserInputFlag {
  private UserInputFlag() {}

  record Calendar(Demo demo) {
    @UserInput(value = "hour", message = "At which hour, from 0 to 23?")
    @Tool("Books an appointment")
    String book(String day, int hour) {
      demo.ran("booking " + day + " at " + hour);
      return "booked for " + day + " at " + hour;
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(UserInputFlag::play);
  }

  static void play(Demo demo) {
    DemoModel model = DemoModel.script().calls("book", "{\"day\":\"tomorrow\"}").repeatsTheResult();
    Agent agent = Agent.named("secretary").model(model).tools(new Calendar(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("secretary", "Book an appointment for tomorrow.");

      Requirement question = demo.paused(result).getFirst();
      demo.say("the model wrote " + assent.card(question).arguments());
      String hour = demo.typed(question.terms().message(), "15");
      Demo.answer(assent, question, Reply.fields("{\"hour\":" + hour + "}"));

      demo.ended(assent.resume(result.run()));
    }
  }
}
