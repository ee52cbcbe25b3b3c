package dev.assent.examples.agno;

import dev.assent.core.Effect;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.Requirement;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.PeopleTools;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * The agent finds out what it does not know and asks for it by itself: a tool that it is given for
 * that pauses the run, with the fields that the agent wants.
 */
public final class DynamicInput {
  private DynamicInput() {}

  record Weather(Demo demo) {
    @Tool(value = "Tells the weather of a town", effect = Effect.READ_ONLY)
    String weather(String town) {
      demo.ran("looking out of a window in " + town);
      return "It rains in " + town + ".";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(DynamicInput::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls(
                "get_user_input",
                """
                {"message":"Where are you?","fields":[
                  {"name":"town","type":"string","description":"the town you are in"}]}""")
            // What you filled in is the tool's result, a JSON object with the field's name.
            .then(heard -> DemoModel.calling("weather", DemoModel.lastResult(heard)))
            .repeatsTheResult();
    Agent agent =
        Agent.named("forecaster")
            .model(model)
            .tools(PeopleTools.userInput(), new Weather(demo))
            .build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("forecaster", "What is the weather?");

      Requirement question = demo.paused(result).getFirst();
      String town = demo.typed("Where are you?", "Bergen");
      Demo.answer(assent, question, Reply.fields(JsonObject.of("town", new JsonString(town))));

      demo.ended(assent.resume(result.run()));
    }
  }
}
