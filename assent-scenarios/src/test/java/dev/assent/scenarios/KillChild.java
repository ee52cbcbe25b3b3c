package dev.assent.scenarios;

import dev.assent.core.Effect;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.Verdict;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.runtime.ToolContext;
import dev.assent.store.jdbc.SqliteStore;
import dev.assent.testkit.Answer;
import dev.assent.testkit.ScriptedModel;
import dev.assent.testkit.ScriptedPerson;
import dev.assent.testkit.VirtualClock;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;

/**
 * A process that plays one story up to a named place, says so, and stands there until it is killed.
 * What its tools do outside is a line in a file.
 */
final class KillChild {
  private KillChild() {}

  /** What the agent does; also for the process that goes on. */
  record Story(Path outside, Consumer<String> at) {
    @RequiresApproval
    @Tool(value = "Books and asks", effectKey = "room:{room}")
    String book(String room, ToolContext context) throws Exception {
      String booked =
          context.step(
              "book",
              () -> {
                at.accept("before the effect");
                happens("booked " + room);
                at.accept("after the effect");
                return "booked " + room;
              });
      String breakfast = context.ask("Breakfast?");
      at.accept("after the answer");
      return booked + ", breakfast " + breakfast;
    }

    @ExternalExecution
    @Tool(value = "Moves the robot", effectKey = "robot:{where}")
    String move(String where) {
      throw new AssertionError("never called");
    }

    @Tool(value = "Looks and asks", effect = Effect.READ_ONLY)
    String look(String what, ToolContext context) {
      String where = context.ask("Where?");
      at.accept("after the look's answer");
      return "seen " + what + " " + where;
    }

    private void happens(String line) throws IOException {
      Files.writeString(
          outside,
          line + "\n",
          StandardCharsets.UTF_8,
          StandardOpenOption.CREATE,
          StandardOpenOption.APPEND,
          StandardOpenOption.SYNC);
    }

    Agent agent(String tool, String arguments) {
      ScriptedModel model =
          ScriptedModel.byTurn().calls(ScriptedModel.call(tool, arguments)).says("End.");
      return Agent.named("bot").model(model).tools(this).build();
    }
  }

  static ScriptedPerson ada() {
    return ScriptedPerson.person(Desk.ADA)
        .approves("book")
        .answers(
            card -> card.requirement().kind() == RequirementKind.EXTERNAL_EXECUTION,
            Answer.of(Verdict.TAKE, null))
        .answers(
            card -> card.requirement().kind() == RequirementKind.USER_INPUT, Answer.text("yes"));
  }

  /** Arguments: the store, the file of what happened, the place, the tool, its arguments. */
  public static void main(String[] args) throws Exception {
    String place = args[2];
    Consumer<String> at =
        here -> {
          if (here.equals(place)) {
            System.out.println("at " + here);
            System.out.flush();
            stand();
          }
        };
    SqliteStore store =
        SqliteStore.at(Path.of(args[0]), World.keyring()).clock(VirtualClock.standing()).open();
    Assent assent =
        Assent.on(store)
            .operator(Desk.ADA)
            .register(new Story(Path.of(args[1]), at).agent(args[3], args[4]))
            .start();
    RunResult result = assent.run("bot", "Go");
    while (result instanceof RunResult.Paused paused) {
      for (Requirement open : paused.requirements()) {
        at.accept("before " + open.kind());
        assent.decide(open.id(), ada().answer(assent.card(open)).orElseThrow(), Desk.ADA);
        at.accept("decided " + open.kind());
      }
      result = assent.resume(paused.run());
    }
    System.out.println("ended " + result);
  }

  private static void stand() {
    try {
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
