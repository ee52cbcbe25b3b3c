package dev.assent.examples.agno;

import dev.assent.core.ExternalExecution;
import dev.assent.core.Requirement;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/**
 * Something else carries the call out, here a pipeline: the tool's method is never called. Whoever
 * begins says so first; from then on the call may have happened, and silence is doubt, not a no.
 */
public final class ExternalExecutionFlag {
  private ExternalExecutionFlag() {}

  static final class Deployments {
    @ExternalExecution(message = "Start the pipeline of this service.")
    @Tool(value = "Deploys a service to production", effectKey = "deploy:{service}")
    String deploy(String service) {
      throw new IllegalStateException("never called: the pipeline deploys " + service);
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ExternalExecutionFlag::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script().calls("deploy", "{\"service\":\"api\"}").repeatsTheResult();
    Agent agent = Agent.named("deployer").model(model).tools(new Deployments()).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult result = assent.run("deployer", "Deploy the API service.");

      Requirement work = demo.paused(result).getFirst();
      Demo.answer(assent, work, Reply.take());
      demo.say("taken; the pipeline gets " + assent.card(work).arguments());
      String output = pipeline(demo);

      // The requirement has changed since: it knows now who took it.
      Requirement taken = demo.paused(assent.resume(result.run())).getFirst();
      demo.say("taken by " + taken.takenBy());
      Demo.answer(assent, taken, Reply.result(output));

      demo.ended(assent.resume(result.run()));
    }
  }

  /** Stands for a pipeline. */
  private static String pipeline(Demo demo) {
    demo.ran("the pipeline deploys");
    return "api 4.2 is live";
  }
}
