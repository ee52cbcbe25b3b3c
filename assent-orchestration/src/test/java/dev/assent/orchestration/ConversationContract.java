package dev.assent.orchestration;

import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionRequest;
import dev.assent.core.Message;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunStatus;
import dev.assent.core.TokenUse;
import dev.assent.core.Verdict;
import dev.assent.runtime.RunResult;
import dev.assent.testkit.ScriptedModel;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Each story is told in memory, and on a file that is dropped and reopened before every input. */
abstract class ConversationContract {
  private static final String RULE = "-".repeat(80);

  private @Nullable Talk talk;

  abstract @Nullable Path file();

  private Talk talk(Participant.Builder first, Participant.Builder second) {
    Talk begun = new Talk(file(), Conversation.between(first.build(), second.build()));
    talk = begun;
    return begun;
  }

  @AfterEach
  void close() {
    if (talk != null) {
      talk.close();
    }
  }

  private static Participant.Builder human() {
    return Participant.person("human");
  }

  private static Participant.Builder bot(ScriptedModel model) {
    return Participant.agent("bot", model);
  }

  private static ScriptedModel model() {
    return ScriptedModel.byTurn();
  }

  private static String block(String from, String to, String text) {
    return from + " (to " + to + "):\n\n" + text + "\n\n" + RULE + "\n";
  }

  private static String replying(String self, String sender) {
    return "Replying as "
        + self
        + ". Provide feedback to "
        + sender
        + ". Press enter to skip and use auto-reply, or type 'exit' to end the conversation: ";
  }

  private static final String AUTO = "\n>>>>>>>> USING AUTO REPLY...\n";
  private static final String NOTHING = "\n>>>>>>>> NO HUMAN INPUT RECEIVED.\n";

  private static String end(String reason) {
    return "\n>>>>>>>> TERMINATING RUN (the-run): " + reason + "\n";
  }

  @Test
  @Tag("D1")
  @Tag("D3")
  @Tag("D6")
  @DisplayName("a person and an agent talk; the transcript is byte for byte")
  void talkInTurns() {
    ScriptedModel model = model().says("Hello.").says("It is noon.");
    Talk talk = talk(human(), bot(model).instructions("You are polite."));

    talk.begins("Hi!").types("What time is it?", " EXIT ");

    assertThat(talk.transcript())
        .isEqualTo(
            block("human", "bot", "Hi!")
                + AUTO
                + block("bot", "human", "Hello.")
                + replying("human", "bot")
                + "What time is it?\n"
                + block("human", "bot", "What time is it?")
                + AUTO
                + block("bot", "human", "It is noon.")
                + replying("human", "bot")
                + " EXIT \n"
                + end("User requested to end the conversation"));
    assertThat(model.lastHeard())
        .containsExactly(
            new Message.User("Hi!"),
            new Message.Assistant("Hello.", List.of()),
            new Message.User("What time is it?"));
    assertThat(model.requests().getLast().instructions()).isEqualTo("You are polite.");
    assertThat(model.requests().getLast().tools()).isEmpty();
    ConversationRun run = talk.run();
    assertThat(run.result().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(run.summary()).isEqualTo("It is noon.");
    assertThat(run.result())
        .isInstanceOfSatisfying(
            RunResult.Completed.class, end -> assertThat(end.output()).isEqualTo("It is noon."));
    assertThat(run.lastSpeaker()).isEqualTo("bot");
    assertThat(run.cost()).isEqualTo(new TokenUse(20, 10));
    assertThat(run.messages())
        .extracting(ConversationEvent.Said::from)
        .containsExactly("human", "bot", "human", "bot");
  }

  @Test
  @Tag("D6")
  @DisplayName("the events come one by one, input requests among them")
  void eventsHoldTheInputRequests() {
    Talk talk = talk(human(), bot(model().says("Hello.")));
    talk.begins("Hi!");

    assertThat(talk.run().all().getLast())
        .isEqualTo(
            new ConversationEvent.InputRequested(
                talk.input(), "human", "bot", replying("human", "bot")));

    try (ConversationStream events = talk.run().events()) {
      int read = 0;
      for (ConversationEvent event : events) {
        read++;
        if (event instanceof ConversationEvent.InputRequested asked) {
          talk.run().type(asked.requirement(), "exit", Talk.OLGA);
        }
      }
      assertThat(read).isEqualTo(talk.run().all().size());
    }
  }

  @Test
  @Tag("D2")
  @DisplayName("an empty line at a termination message ends")
  void emptyEndsAtTermination() {
    Talk talk = talk(human(), bot(model().says("TERMINATE")));

    talk.begins("Hi!").types("");

    assertThat(talk.transcript())
        .endsWith(
            replying("human", "bot")
                + "\n"
                + NOTHING
                + end("Termination message condition on agent 'human' met"));
    assertThat(talk.run().summary()).isEmpty();
  }

  @Test
  @Tag("D2")
  @DisplayName("an empty line otherwise replies automatically, without a model with a text")
  void emptyRepliesAutomatically() {
    Talk talk = talk(human().otherwise("Go on."), bot(model().says("One.").says("Two.")));

    talk.begins("Count.").types("", "exit");

    assertThat(talk.transcript())
        .contains(
            replying("human", "bot")
                + "\n"
                + NOTHING
                + AUTO
                + block("human", "bot", "Go on.")
                + AUTO
                + block("bot", "human", "Two."));
  }

  @Test
  @Tag("D1")
  @Tag("D2")
  @DisplayName("at the limit a person is asked, and a text counts anew")
  void limitAsksAndTextResets() {
    ScriptedModel chatty = ScriptedModel.following(heard -> new Message.Assistant("?", List.of()));
    Talk talk =
        talk(
            Participant.assistant("first", chatty),
            bot(model().says("1").says("2").says("(a person)").says("4").says("5").says("6"))
                .automaticReplies(2));

    talk.begins("Go!").types("from a person", "", "exit");

    String ask =
        "Please give feedback to first. Press enter to skip and use auto-reply, or type 'exit' to"
            + " stop the conversation: ";
    String asks = block("first", "bot", "?") + ask;
    assertThat(talk.transcript())
        .isEqualTo(
            block("first", "bot", "Go!")
                + AUTO
                + block("bot", "first", "1")
                + block("first", "bot", "?")
                + AUTO
                + block("bot", "first", "2")
                + asks
                + "from a person\n"
                + block("bot", "first", "from a person")
                + block("first", "bot", "?")
                + AUTO
                + block("bot", "first", "4")
                + block("first", "bot", "?")
                + AUTO
                + block("bot", "first", "5")
                + asks
                + "\n"
                + NOTHING
                + AUTO
                + block("bot", "first", "6")
                + asks
                + "exit\n"
                + end("User requested to end the conversation"));
  }

  @Test
  @Tag("D1")
  @DisplayName("who is never asked ends at the limit of automatic replies")
  void neverEndsAtTheLimit() {
    ScriptedModel chatty = ScriptedModel.following(heard -> new Message.Assistant("?", List.of()));
    Talk talk =
        talk(
            Participant.assistant("a", chatty).automaticReplies(3),
            Participant.assistant("b", chatty));

    talk.begins("Go!");

    assertThat(talk.run().result().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(talk.run().messages()).hasSize(8);
    assertThat(talk.transcript())
        .endsWith(end("Maximum number of consecutive auto-replies reached"))
        .doesNotContain("AUTO REPLY");
  }

  @Test
  @Tag("D2")
  @DisplayName("a text while calls are open answers each with a note, and none runs")
  void textInterruptsCalls() {
    Till till = new Till();
    ScriptedModel model =
        model()
            .replies(
                "I look and pay.",
                call("l", "look", "{\"what\":\"x\"}"),
                call("p", "pay", "{\"amount\":5,\"vendor\":\"v\"}"))
            .says("Sorry.");
    Talk talk = talk(human(), bot(model).tools(till));

    talk.begins("Do it.").types("Wait!", "exit");

    assertThat(till.done).isEmpty();
    assertThat(model.lastHeard())
        .endsWith(
            new Message.ToolResult("l", "look", "USER INTERRUPTED", true),
            new Message.ToolResult("p", "pay", "USER INTERRUPTED", true),
            new Message.User("Wait!"));
    assertThat(talk.world().store().requirementsOf(talk.world().tenant(), talk.run().run()))
        .extracting(Requirement::kind)
        .containsOnly(RequirementKind.USER_INPUT);
  }

  @Test
  @Tag("D4")
  @DisplayName("an empty line lets the unguarded call run, and never the gated one")
  void emptyNeverRunsAGatedCall() {
    Till till = new Till();
    ScriptedModel model =
        model()
            .replies(
                "I look and pay.",
                call("l", "look", "{\"what\":\"x\"}"),
                call("p", "pay", "{\"amount\":5,\"vendor\":\"v\"}"))
            .says("Done.");
    Talk talk = talk(human(), bot(model).tools(till));

    talk.begins("Do it.").types("");

    assertThat(till.done).containsExactly("look x");
    assertThat(talk.run().result()).isInstanceOf(RunResult.Paused.class);
    assertThat(talk.waiting(RequirementKind.APPROVAL)).hasSize(1);
    assertThat(model.requests()).hasSize(1);

    talk.restart();
    talk.world().approve(talk.waiting(RequirementKind.APPROVAL).getFirst());
    talk.types("exit");

    assertThat(till.done).containsExactly("look x", "pay 5 v");
    assertThat(model.lastHeard())
        .endsWith(
            new Message.ToolResult("l", "look", "x is there", false),
            new Message.ToolResult("p", "pay", "paid 5", false));
    assertThat(talk.transcript())
        .contains(
            "bot (to human):\n\nI look and pay.\n"
                + "***** Suggested tool call (l): look *****\n"
                + "Arguments: \n{\"what\":\"x\"}\n"
                + "*****************************************\n")
        .contains(
            AUTO
                + "human (to bot):\n\n"
                + "***** Response from calling tool (l) *****\nx is there\n"
                + "******************************************\n");
  }

  @Test
  @Tag("D1")
  @DisplayName("an executor that is never asked lets unguarded calls run at once")
  void neverExecutesAtOnce() {
    Till till = new Till();
    ScriptedModel model = model().calls(call("l", "look", "{\"what\":\"x\"}")).says("TERMINATE");
    Talk talk =
        talk(human().mode(HumanInputMode.NEVER), Participant.assistant("bot", model).tools(till));

    talk.begins("Look.");

    assertThat(talk.run().result().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(till.done).containsExactly("look x");
    assertThat(talk.transcript())
        .endsWith(end("Termination message condition on agent 'human' met"));
  }

  @Test
  @Tag("X63")
  @DisplayName("a model cannot steer the conversation by naming its calls")
  void modelsReachOnlyTheirOwnTools() {
    Till humans = new Till();
    ScriptedModel model =
        model()
            .calls(
                call("a", "conversation_end", "{\"participant\":\"bot\",\"reason\":\"!\"}"),
                call("b", "human_input", "{\"participant\":\"h\",\"to\":\"b\",\"prompt\":\"!\"}"),
                call("c", "look", "{\"what\":\"x\"}"))
            .says("Hm.");
    Talk talk = talk(human().tools(humans), bot(model));

    talk.begins("Go.").types("", "exit");

    assertThat(humans.done).isEmpty();
    assertThat(model.lastHeard())
        .filteredOn(Message.ToolResult.class::isInstance)
        .hasSize(3)
        .allSatisfy(
            result ->
                assertThat(((Message.ToolResult) result).text()).contains("no tool 'not-off"));
    assertThat(talk.transcript()).endsWith(end("User requested to end the conversation"));
  }

  @Test
  @Tag("D6")
  @Tag("B12")
  @DisplayName("nobody will type: the conversation ends and says so")
  void declinedInputEnds() {
    Talk talk = talk(human(), bot(model().says("Hello.")));
    talk.begins("Hi!");
    talk.run().result();
    Requirement asked = talk.world().card(talk.input()).orElseThrow().requirement();

    talk.world()
        .decide(
            asked.id(),
            new DecisionRequest(
                asked.version(), asked.digest(), Verdict.DECLINE, null, null, "key"),
            Talk.OLGA);

    assertThat(talk.run().result().status()).isEqualTo(RunStatus.COMPLETED);
    assertThat(talk.transcript()).contains("TERMINATING RUN (the-run): No human input: ");
  }

  @Test
  @Tag("D6")
  @DisplayName("the next conversation of a session goes on with what was said")
  void sessionGoesOn() {
    ScriptedModel model = model().says("Noted.").says("Blue.");
    Talk talk = talk(human(), bot(model));
    talk.begins("My colour is blue.", "s1").types("exit");

    talk.begins("Which is it?", "s1").types("exit");

    assertThat(model.lastHeard())
        .containsExactly(
            new Message.User("My colour is blue."),
            new Message.Assistant("Noted.", List.of()),
            new Message.User("Which is it?"));
    assertThat(talk.transcript()).startsWith(block("human", "bot", "Which is it?"));
  }

  @Test
  @Tag("B11")
  @DisplayName("what somebody says to the run meanwhile is heard at the next turn")
  void somebodySpeaksMeanwhile() {
    ScriptedModel model = model().says("Hello.").says("I see.");
    Talk talk = talk(human(), bot(model));
    talk.begins("Hi!");
    talk.run().result();
    talk.world().say(talk.run().run(), "By the way: it rains.");

    talk.types("And?", "exit");

    assertThat(model.lastHeard())
        .contains(new Message.User("By the way: it rains."), new Message.User("And?"));
    assertThat(talk.transcript()).contains(block("somebody", "bot", "By the way: it rains."));
  }

  /** At the terminal. */
  @Nested
  class AtADesk {
    private final StringBuilder out = new StringBuilder();

    private RunResult process(Talk talk, String... lines) {
      return talk.run().process(Frame.to(out, "the-run"), Lines.of(lines), Talk.OLGA);
    }

    private ScriptedModel pays(String text) {
      return model()
          .replies(text, call("p", "pay", "{\"amount\":5,\"vendor\":\"Acme\"}"))
          .says("Done.");
    }

    @Test
    @Tag("D5")
    @DisplayName("a general approval is the decision on each gated call that was shown")
    void approvesWhatWasShown() {
      Till till = new Till();
      Talk talk =
          talk(human().decidesInWords(), bot(pays("I want to: Pay 5 to Acme.")).tools(till));

      RunResult result = process(talk.begins("Pay."), "approve", "exit");

      assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(till.done).containsExactly("pay 5 Acme");
      assertThat(out.toString()).doesNotContain("Please approve or deny");
    }

    @Test
    @Tag("D5")
    @Tag("X63")
    @DisplayName("what the message did not show is asked for by itself")
    void asksForWhatWasNotShown() {
      Till till = new Till();
      Talk talk =
          talk(human().decidesInWords(), bot(pays("I want to: Pay 50 to Acme.")).tools(till));

      RunResult result = process(talk.begins("Pay."), "approve", "perhaps", "no, wrong amount");

      assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(till.done).isEmpty();
      assertThat(out.toString())
          .contains(
              "Agent tries to call tool:\n`pay`, {\"amount\":5,\"vendor\":\"Acme\"}\n"
                  + "Please approve or deny this request.\nY/N? perhaps\n")
          .contains("rejected by the user: no, wrong amount");
    }

    @Test
    @Tag("D5")
    @DisplayName("a general approval covers one call for each time that it was shown")
    void coversEachShownCallOnce() {
      Till till = new Till();
      ScriptedModel model =
          model()
              .replies(
                  "Pay 5 to Acme",
                  call("p", "pay", "{\"amount\":5,\"vendor\":\"Acme\"}"),
                  call("q", "pay", "{\"amount\":5,\"vendor\":\"Acme\"}"))
              .says("Done.");
      Talk talk = talk(human().decidesInWords(), bot(model).tools(till));

      RunResult result = process(talk.begins("Pay."), "approve");

      assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(till.done).containsExactly("pay 5 Acme");
      assertThat(talk.waiting(RequirementKind.APPROVAL)).hasSize(1);
    }

    @Test
    @Tag("D5")
    @DisplayName("a line that somebody typed elsewhere is nobody's decision here")
    void decidesOnlyByWhatWasTypedHere() {
      Till till = new Till();
      Talk talk =
          talk(human().decidesInWords(), bot(pays("I want to: Pay 5 to Acme.")).tools(till));
      talk.begins("Pay.").types("approve");

      RunResult result = process(talk);

      assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(till.done).isEmpty();
      assertThat(talk.waiting(RequirementKind.APPROVAL)).hasSize(1);
    }

    @Test
    @Tag("D4")
    @DisplayName("enter is no answer to a gate; asked three times, it stays open")
    void enterApprovesNothing() {
      Till till = new Till();
      Talk talk = talk(human(), bot(pays("Pay 5 to Acme")).tools(till));

      RunResult result = process(talk.begins("Pay."), "", "", "", "");

      assertThat(result.status()).isEqualTo(RunStatus.PAUSED);
      assertThat(till.done).isEmpty();
      assertThat(out.toString()).endsWith("request.\nY/N? \n");
      assertThat(talk.waiting(RequirementKind.APPROVAL)).hasSize(1);
    }

    @Test
    @Tag("A1")
    @Tag("D6")
    @DisplayName("a tool's own question is answered at the desk, too")
    void answersAToolsQuestion() {
      Till till = new Till();
      ScriptedModel model = model().calls(call("w", "which", "{}")).says("Thanks.");
      Talk talk = talk(human(), bot(model).tools(till));

      RunResult result = process(talk.begins("Go."), "", "the red one", "exit");

      assertThat(result.status()).isEqualTo(RunStatus.COMPLETED);
      assertThat(till.done).containsExactly("which the red one");
      assertThat(out.toString()).contains("Which one? the red one\n");
    }

    @Test
    @Tag("D3")
    @DisplayName("what is hostile is named, lines and tabs stay")
    void printsHostileText() {
      Talk talk = talk(human(), bot(model().says("a\u001b[2Jb\n\tc\u202e")));

      process(talk.begins("Hi!"), "exit");

      assertThat(out.toString()).contains("a<U+001B>[2Jb\n\tc<U+202E>\n");
    }
  }
}
