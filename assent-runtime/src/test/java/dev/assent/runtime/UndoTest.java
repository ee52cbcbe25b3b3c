package dev.assent.runtime;

import static dev.assent.runtime.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.GrantScope;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.core.spi.Store;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An approved call that waits, so that its approval can be taken back. */
@Timeout(30)
@Tag("C18")
class UndoTest {
  private static final Instant T0 = Instant.parse("2026-01-31T12:00:00Z");
  private final AtomicReference<Instant> clock = new AtomicReference<>(T0);
  private final InMemoryStore store = new InMemoryStore(clock::get);
  private final ScriptedModel model = new ScriptedModel();
  private final Mails mails = new Mails();
  private final Assent assent =
      Assent.on(store)
          .answeredFromOutside()
          .operator(Principal.person("ada"))
          .register(Agent.named("bot").model(model).tools(mails).build())
          .start();

  static class Mails {
    final List<String> sent = new CopyOnWriteArrayList<>();

    @RequiresApproval(undo = "PT10M")
    @Tool("Sends a mail")
    String send(String to) {
      sent.add(to);
      return "sent";
    }
  }

  @AfterEach
  void close() {
    assent.close();
  }

  private Requirement approved() {
    model.calls(call("m1", "send", "{\"to\":\"mia\"}"));
    model.says("Done.");
    Requirement asked =
        ((RunResult.Paused) assent.run("bot", "Write to Mia.")).requirements().getFirst();
    assent.approve(asked);
    while (!waits(asked)) {
      Thread.onSpinWait();
    }
    return asked;
  }

  /** True when its run is left alone until the time of the undo is over. */
  private boolean waits(Requirement asked) {
    Store.StoredRun run = store.run(assent.tenant(), asked.run()).orElseThrow();
    return run.leaseFree() && T0.plus(Duration.ofMinutes(10)).equals(run.readyAt());
  }

  @Test
  @DisplayName("an approved call begins when its approval cannot be taken back any more")
  void begins() {
    Requirement asked = approved();
    assertThat(mails.sent).isEmpty();
    assertThat(assent.card(asked.id()).orElseThrow().notBefore())
        .contains(T0.plus(Duration.ofMinutes(10)));

    clock.set(T0.plus(Duration.ofMinutes(10)).minusMillis(1));
    assent.poll();
    assertThat(waits(asked)).isTrue();
    assertThat(mails.sent).isEmpty();
    clock.set(T0.plus(Duration.ofMinutes(10)));
    assent.poll();

    assertThat(assent.resume(asked.run())).isInstanceOf(RunResult.Completed.class);
    assertThat(mails.sent).containsExactly("mia");
    assertThat(assent.card(asked.id()).orElseThrow().notBefore()).isEmpty();
  }

  @Test
  @Tag("X13")
  @DisplayName("what can be taken back each time is not given for longer")
  void noStandingPermission() {
    model.calls(call("m1", "send", "{\"to\":\"mia\"}"));
    Requirement asked =
        ((RunResult.Paused) assent.run("bot", "Write to Mia.")).requirements().getFirst();
    GrantScope once =
        new GrantScope(
            GrantScope.Reach.RUN,
            List.of(),
            T0.plus(Duration.ofHours(1)),
            new GrantScope.Arguments.Exact(),
            null,
            null);

    assertThat(assent.grantOffer(asked.id(), once, Principal.person("ada")))
        .isInstanceOfSatisfying(
            GrantOffer.Refused.class, refused -> assertThat(refused.why()).contains("taken back"));
  }

  @Test
  @DisplayName("a run that is cancelled while its call waits executes nothing")
  void cancelled() {
    Requirement asked = approved();

    assent.cancel(asked.run(), "ada");
    clock.set(T0.plus(Duration.ofMinutes(11)));
    assent.poll();

    assertThat(assent.resume(asked.run())).isInstanceOf(RunResult.Cancelled.class);
    assertThat(mails.sent).isEmpty();
  }
}
