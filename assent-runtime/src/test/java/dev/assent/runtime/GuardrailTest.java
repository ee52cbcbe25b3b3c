package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Effect;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.Tool;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Guardrails on what comes in, what is called, what comes back and what goes out. */
@Timeout(60)
class GuardrailTest {
  private static final String IBAN = "DE02120300000000202051";

  private final ScriptedModel model = new ScriptedModel();
  private final List<String> sent = new CopyOnWriteArrayList<>();
  private final InMemoryStore store = new InMemoryStore();

  class Tools {
    @Tool("Sends")
    String send(String to) {
      sent.add(to);
      return "sent to " + to + ", balance 5";
    }

    @Tool(value = "Looks", effect = Effect.READ_ONLY)
    String look() {
      return "the password is hunter2";
    }
  }

  /** Finds the same on every text; each test says where. */
  private interface Everywhere {
    Guardrail.Finding find(String text) throws Exception;
  }

  private Assent assent(Guardrail guardrail, Duration limit) {
    return Assent.on(store)
        .operator(Principal.person("ada"))
        .answeredFromOutside()
        .register(
            Agent.named("bot")
                .model(model)
                .tools(new Tools())
                .guardrail("pii", guardrail, limit, ApprovalTerms.simple("pii"))
                .build())
        .start();
  }

  private Assent assent(Guardrail guardrail) {
    return assent(guardrail, Duration.ofSeconds(20));
  }

  private static Guardrail onInput(Everywhere finds) {
    return new Guardrail() {
      @Override
      public Finding input(Place place, String text) throws Exception {
        return finds.find(text);
      }
    };
  }

  private static Guardrail onArguments(Everywhere finds) {
    return new Guardrail() {
      @Override
      public Finding arguments(Place place, String tool, JsonObject arguments) throws Exception {
        return tool.equals("send") ? finds.find(arguments.toString()) : new Finding.Pass();
      }
    };
  }

  private static Guardrail onResult(Everywhere finds) {
    return new Guardrail() {
      @Override
      public Finding result(Place place, String tool, String text) throws Exception {
        return finds.find(text);
      }
    };
  }

  private static Guardrail onOutput(Everywhere finds) {
    return new Guardrail() {
      @Override
      public Finding output(Place place, String text) throws Exception {
        return finds.find(text);
      }
    };
  }

  private static Guardrail.Finding masking(String text) {
    return text.contains(IBAN)
        ? new Guardrail.Finding.Mask(text.replace(IBAN, "an account"))
        : new Guardrail.Finding.Pass();
  }

  private static Guardrail.Finding denied() {
    return new Guardrail.Finding.Deny("That is private.");
  }

  private static Guardrail.Finding failing() {
    throw new IllegalStateException("broken");
  }

  private static Guardrail.Finding hanging() throws InterruptedException {
    new CountDownLatch(1).await();
    return new Guardrail.Finding.Pass();
  }

  private static Message.Call send() {
    return call("s1", "send", "{\"to\":\"" + IBAN + "\"}");
  }

  private static String output(RunResult result) {
    return ((RunResult.Completed) result).output();
  }

  private static Requirement only(RunResult result) {
    return ((RunResult.Paused) result).requirements().getFirst();
  }

  private String heard() {
    return model.requests.getLast().messages().toString();
  }

  @Nested
  class Input {

    @Test
    @Tag("C24")
    void whatIsMaskedTheModelNeverReads() {
      model.says("Done.");
      try (Assent assent = assent(onInput(GuardrailTest::masking))) {
        assent.run("bot", "Pay " + IBAN);

        assertThat(heard()).contains("Pay an account").doesNotContain(IBAN);
      }
    }

    @Test
    @Tag("C24")
    void whatIsDeniedTheModelIsNotAskedAbout() {
      try (Assent assent = assent(onInput(text -> denied()))) {
        assertThat(output(assent.run("bot", "Pay"))).isEqualTo("That is private.");
        assertThat(model.requests).isEmpty();
      }
    }

    @Test
    @Tag("C24")
    void whatWasDeniedDoesNotBlockTheNextRunOfTheSession() {
      model.says("Hello.");
      Guardrail guardrail =
          onInput(text -> text.contains("bomb") ? denied() : new Guardrail.Finding.Pass());
      try (Assent assent = assent(guardrail)) {
        assent.run(RunRequest.of("bot", "a bomb").inSession("s"));

        assertThat(output(assent.run(RunRequest.of("bot", "hello").inSession("s"))))
            .isEqualTo("Hello.");
        assertThat(heard()).doesNotContain("bomb");
      }
    }

    @Test
    @Tag("C24")
    void whatAPersonLetPassTheModelReads() {
      model.says("Done.");
      try (Assent assent = assent(onInput(text -> new Guardrail.Finding.Ask("Odd words.")))) {
        RunResult paused = assent.run("bot", "Pay");
        assertThat(assent.card(only(paused)).arguments())
            .contains("\"text\":\"Pay\"", "Odd words.");

        assent.approve(only(paused).id());

        assertThat(output(assent.resume(paused.run()))).isEqualTo("Done.");
        assertThat(heard()).contains("Pay");
        assertThat(model.requests.getLast().tools())
            .extracting(offered -> offered.name())
            .doesNotContain("guardrail_pii");
      }
    }

    @Test
    @Tag("C24")
    void whatAPersonDidNotLetPassTheModelNeverReads() {
      try (Assent assent = assent(onInput(text -> failing()))) {
        RunResult paused = assent.run("bot", "Pay");

        assent.reject(only(paused).id(), "no");

        assertThat(output(assent.resume(paused.run())))
            .isEqualTo("What you asked for was not let pass.");
        assertThat(model.requests).isEmpty();
      }
    }
  }

  @Nested
  class Arguments {

    @Test
    @Tag("C24")
    void whatIsMaskedIsWhatIsJudgedAndRuns() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onArguments(GuardrailTest::masking))) {
        assent.run("bot", "Go.");

        assertThat(sent).containsExactly("an account");
      }
    }

    @Test
    @Tag("C24")
    void whatIsDeniedDoesNotRunAndTheModelReadsWhy() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onArguments(text -> denied()))) {
        assent.run("bot", "Go.");

        assertThat(sent).isEmpty();
        assertThat(heard()).contains("That is private.");
      }
    }

    @Test
    @Tag("C24")
    @Tag("X27")
    void aGuardrailThatFailsAsksAndNeverApproves() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onArguments(text -> failing()))) {
        RunResult paused = assent.run("bot", "Go.");

        assertThat(sent).isEmpty();
        assertThat(only(paused).terms().rule()).contains("guardrail pii");
        assent.approve(only(paused).id());
        assent.resume(paused.run());
        assertThat(sent).hasSize(1);
      }
    }

    @Test
    @Tag("C24")
    void aGuardrailThatHangsAsks() {
      model.calls(send());
      CountDownLatch hangs = new CountDownLatch(1);
      Everywhere hanging =
          text -> {
            hangs.countDown();
            return hanging();
          };
      // Long enough for what only passes, also on a machine that is busy.
      try (Assent assent = assent(onArguments(hanging), Duration.ofSeconds(1))) {
        RunResult paused = assent.run("bot", "Go.");

        assertThat(hangs.getCount()).as("it was asked about the arguments").isZero();
        assertThat(only(paused).kind()).isEqualTo(RequirementKind.APPROVAL);
        assertThat(only(paused).tool()).isEqualTo("send");
        assertThat(sent).isEmpty();
      }
    }
  }

  @Nested
  class Result {

    @Test
    @Tag("C24")
    void aMaskedResultIsWhatTheModelReads() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onResult(GuardrailTest::masking))) {
        assent.run("bot", "Go.");

        assertThat(model.requests.getLast().messages().getLast().text())
            .isEqualTo("sent to an account, balance 5");
      }
    }

    @Test
    @Tag("C24")
    void aDeniedResultIsWithheldThoughTheToolRan() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onResult(text -> denied()))) {
        assent.run("bot", "Go.");

        assertThat(sent).hasSize(1);
        assertThat(model.requests.getLast().messages().getLast().text())
            .isEqualTo("It was executed. Its result is withheld: That is private.");
      }
    }

    @Test
    @Tag("C24")
    void aResultThatNobodyLookedAtTheModelDoesNotRead() {
      model.calls(send()).says("Done.");
      try (Assent assent = assent(onResult(text -> failing()))) {
        RunResult paused = assent.run("bot", "Go.");

        assertThat(only(paused).kind()).isEqualTo(RequirementKind.REVIEW);
        assertThat(model.requests).hasSize(1);
        assent.answer(Principal.person("ada"), only(paused).id(), Reply.accept());
        assertThat(output(assent.resume(paused.run()))).isEqualTo("Done.");
        assertThat(sent).hasSize(1);
        assertThat(heard()).contains("balance 5");
      }
    }

    @Test
    @Tag("C24")
    void theResultOfAToolThatOnlyReadsIsHeldToo() {
      model.calls(call("l1", "look", "{}")).says("Done.");
      try (Assent assent = assent(onResult(text -> new Guardrail.Finding.Ask("A password.")))) {
        RunResult paused = assent.run("bot", "Go.");

        assent.answer(
            Principal.person("ada"), only(paused).id(), Reply.replace("the password is ***"));

        assertThat(output(assent.resume(paused.run()))).isEqualTo("Done.");
        assertThat(heard()).contains("***").doesNotContain("hunter2");
      }
    }
  }

  @Nested
  class Output {

    @Test
    @Tag("C24")
    void whatIsMaskedNobodyReads() {
      model.says("Paid to " + IBAN);
      try (Assent assent = assent(onOutput(GuardrailTest::masking))) {
        RunResult done = assent.run("bot", "Go.");

        assertThat(output(done)).isEqualTo("Paid to an account");
        assertThat(assent.runCard(done.run()).messages().toString()).doesNotContain(IBAN);
      }
    }

    @Test
    @Tag("C24")
    void whatIsDeniedIsWithheld() {
      model.says("Paid to " + IBAN);
      try (Assent assent = assent(onOutput(text -> denied()))) {
        assertThat(output(assent.run("bot", "Go.")))
            .isEqualTo("This is withheld: That is private.");
      }
    }

    @Test
    @Tag("C24")
    void anAnswerIsHeldUntilAPersonTookIt() {
      model.says("Paid to " + IBAN);
      try (Assent assent = assent(onOutput(text -> failing()))) {
        RunResult paused = assent.run("bot", "Go.");
        assertThat(only(paused).kind()).isEqualTo(RequirementKind.REVIEW);

        assent.answer(Principal.person("ada"), only(paused).id(), Reply.replace("Paid."));

        assertThat(output(assent.resume(paused.run()))).isEqualTo("Paid.");
      }
    }
  }
}
