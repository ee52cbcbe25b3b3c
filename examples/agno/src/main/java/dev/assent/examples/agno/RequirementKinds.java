package dev.assent.examples.agno;

import dev.assent.core.ExternalExecution;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.UserInput;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * One pause, three kinds of requirement: a confirmation, fields of a person, work that is done
 * elsewhere. A {@code switch} over the kind says how each is resolved; the compiler wants them all.
 *
 * <p>The tools are independent of each other. Otherwise the calls of one reply take their turn: the
 * second one asks for its fields once the first is done.
 */
public final class RequirementKinds {
  private RequirementKinds() {}

  record Travel(Demo demo) {
    @RequiresApproval
    @Tool(value = "Pays for a trip", independent = true)
    String pay(int euros) {
      demo.ran("paying " + euros);
      return "paid " + euros;
    }

    @UserInput("seat")
    @Tool(value = "Reserves a seat in a train", independent = true)
    String reserve(String train, String seat) {
      demo.ran("reserving " + seat + " in " + train);
      return seat + " is reserved";
    }

    @ExternalExecution
    @Tool(value = "Prints the ticket at the station", independent = true)
    String print(String train) {
      throw new IllegalStateException("never called: the machine at the station prints");
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(RequirementKinds::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls(
                DemoModel.call("pay", "{\"euros\":80}"),
                DemoModel.call("reserve", "{\"train\":\"EC 7\"}"),
                DemoModel.call("print", "{\"train\":\"EC 7\"}"))
            .says("Have a good trip.");
    Agent agent = Agent.named("traveller").model(model).tools(new Travel(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("traveller", "Get me a ticket for EC 7.");
      for (Requirement requirement : demo.paused(result)) {
        resolve(demo, assent, requirement);
      }
      demo.ended(assent.resume(result.run()));
    }
  }

  private static void resolve(Demo demo, Assent assent, Requirement requirement) {
    switch (requirement.kind()) {
      case APPROVAL -> {
        demo.say("you approve " + requirement.tool());
        assent.approve(requirement.id());
      }
      case USER_INPUT -> {
        String seat = demo.typed("Which seat?", "12A");
        Demo.answer(assent, requirement, Reply.fields(JsonObject.of("seat", new JsonString(seat))));
      }
      case EXTERNAL_EXECUTION -> {
        demo.say("the machine at the station prints");
        Demo.answer(assent, requirement, Reply.result("Printed at platform 3."));
      }
      case REVIEW, RECONCILIATION ->
          throw new IllegalStateException("nothing here is looked at afterwards, or in doubt");
    }
  }
}
