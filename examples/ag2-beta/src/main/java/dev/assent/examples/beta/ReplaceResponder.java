package dev.assent.examples.beta;

import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.Reply;
import dev.assent.runtime.Responder;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.ToolContext;
import java.util.concurrent.CompletableFuture;

/**
 * Who is asked can be given with the process, replaced later, and given for one run only. The later
 * one wins, and a responder for one run wins over both.
 */
public final class ReplaceResponder {
  private ReplaceResponder() {}

  record Greetings(Demo demo) {
    @Tool("Greets somebody whose name it asks for")
    String greet(ToolContext context) {
      String name = context.ask("Who is there?");
      demo.ran("greeting " + name);
      return "Hello " + name + ".";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) {
    play(Demo.onTerminal());
  }

  static void play(Demo demo) {
    Agent agent =
        Agent.named("porter")
            .model(new DemoModel("greet", "{}"))
            .tools(new Greetings(demo))
            .build();

    try (Assent assent =
        Assent.on(demo.store())
            .operator(Demo.YOU)
            .register(agent)
            .responder(named(demo, "the first", "Ann"))
            .start()) {
      demo.ended(assent.run("porter", "Greet."));

      // A user interface answers later: what it is asked comes with a future.
      assent.responder(
          Responder.later(
              asked -> {
                demo.say("the second is asked: " + asked.prompt());
                return CompletableFuture.supplyAsync(() -> Reply.answer("Bob"));
              }));
      demo.ended(assent.run("porter", "Greet."));

      demo.ended(
          assent.run(RunRequest.of("porter", "Greet."), named(demo, "this run's own", "Cyd")));
    }
  }

  private static Responder named(Demo demo, String who, String answer) {
    return Responder.of(
        asked -> {
          demo.say(who + " is asked: " + asked.prompt());
          return Reply.answer(answer);
        });
  }
}
