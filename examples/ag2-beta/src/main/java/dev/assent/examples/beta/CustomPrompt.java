package dev.assent.examples.beta;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;

/**
 * The question in words of your own, with the call filled in. What stands behind a no is the
 * reason, and the model reads it.
 */
public final class CustomPrompt {
  private CustomPrompt() {}

  record Mails(Demo demo) {
    @RequiresApproval(message = "Run {tool_name} with {tool_arguments}? (y/n)")
    @Tool("Sends a mail")
    String sendEmail(String to, String subject) {
      demo.ran("sending " + subject + " to " + to);
      return "sent";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) {
    play(Demo.onTerminal());
  }

  static void play(Demo demo) {
    Agent agent =
        Agent.named("writer")
            .model(new DemoModel("sendEmail", "{\"to\":\"ann\",\"subject\":\"Lunch\"}"))
            .tools(new Mails(demo))
            .build();

    try (Assent assent =
        Assent.on(demo.store())
            .operator(Demo.YOU)
            .register(agent)
            .responder(demo.typing("no, she is on holiday", "y"))
            .start()) {
      demo.ended(assent.run("writer", "Invite Ann to lunch."));
      demo.ended(assent.run("writer", "Invite Ann to lunch, she is back."));
    }
  }
}
