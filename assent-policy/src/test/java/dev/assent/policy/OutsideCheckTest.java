package dev.assent.policy;

import static dev.assent.policy.TestingCalls.call;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks that may deny or raise, and never approve. */
@Timeout(60)
class OutsideCheckTest {
  private static final List<Threshold> RISK_TEAM = List.of(Threshold.role("risk-team"));
  private static final Duration LONG = Duration.ofSeconds(30);

  private static PolicyOutcome judged(Check check, Duration limit) {
    return OutsideCheck.of("fraud", check, limit, RISK_TEAM).judge(call("pay", "{\"amount\":5}"));
  }

  private static void asksTheRiskTeam(PolicyOutcome outcome) {
    assertThat(outcome)
        .isInstanceOfSatisfying(
            PolicyOutcome.Require.class,
            require -> {
              assertThat(require.terms().thresholds()).isEqualTo(RISK_TEAM);
              assertThat(require.rule()).isEqualTo("check fraud");
              assertThat(require.toString()).doesNotContain("s3cret");
            });
  }

  @Nested
  class InCode {

    @Test
    @Tag("C23")
    void whatPassesIsJudgedByTheOtherRules() {
      PolicyOutcome passed = judged(question -> new Check.Finding.Pass(), LONG);

      assertThat(passed.strictest(new PolicyOutcome.Deny("rule", "no")))
          .isInstanceOf(PolicyOutcome.Deny.class);
      assertThat(passed.strictness()).isZero();
    }

    @Test
    @Tag("C23")
    void aDenialDenies() {
      assertThat(judged(question -> new Check.Finding.Deny("Known fraud."), LONG))
          .isEqualTo(new PolicyOutcome.Deny("check fraud", "Known fraud."));
    }

    @Test
    @Tag("C23")
    void aRaisedCallAsksAtItsRisk() {
      PolicyOutcome outcome =
          judged(question -> new Check.Finding.Raise("Odd hour.", Risk.HIGH), LONG);

      asksTheRiskTeam(outcome);
      assertThat(((PolicyOutcome.Require) outcome).terms().risk()).isEqualTo(Risk.HIGH);
      assertThat(((PolicyOutcome.Require) outcome).terms().message()).isEqualTo("Odd hour.");
    }

    @Test
    @Tag("C23")
    @Tag("X27")
    void aFailureAsks() {
      asksTheRiskTeam(
          judged(
              question -> {
                throw new IOException("s3cret");
              },
              LONG));
    }

    @Test
    @Tag("C23")
    void nullAsks() {
      asksTheRiskTeam(judged(nothing(), LONG));
    }

    @SuppressWarnings("NullAway")
    private Check nothing() {
      return question -> null;
    }

    @Test
    @Tag("C23")
    void aLateAnswerAsksAndTheCheckIsInterrupted() throws InterruptedException {
      CountDownLatch begun = new CountDownLatch(1);
      CountDownLatch interrupted = new CountDownLatch(1);
      Check hangs =
          question -> {
            begun.countDown();
            try {
              new CountDownLatch(1).await();
            } catch (InterruptedException e) {
              interrupted.countDown();
              throw e;
            }
            return new Check.Finding.Pass();
          };

      // Given up before it begins, it has nothing to interrupt; then it is asked again.
      do {
        asksTheRiskTeam(judged(hangs, Duration.ofMillis(1)));
      } while (begun.getCount() > 0);

      interrupted.await();
    }

    @Test
    @Tag("C23")
    void whatIsGivenUpBeforeItBeginsKeepsNoPlace() {
      OutsideCheck check =
          OutsideCheck.of(
              "fraud", question -> new Check.Finding.Pass(), Duration.ofNanos(1), RISK_TEAM);

      for (int i = 0; i < 200; i++) {
        check.judge(call("pay", "{\"amount\":5}"));
      }
      while (!check.idle()) {
        Thread.onSpinWait();
      }
    }

    @Test
    @Tag("X36")
    void aCheckWithoutPeopleIsRefused() {
      assertThatThrownBy(
              () -> OutsideCheck.of("x", question -> new Check.Finding.Pass(), LONG, List.of()))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("names nobody");
    }
  }

  @Nested
  class OverHttp {
    private final AtomicReference<String> asked = new AtomicReference<>("");

    private PolicyOutcome answered(int status, String answer) throws IOException {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      server.createContext(
          "/check",
          exchange -> {
            String body =
                new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
            asked.set(exchange.getRequestHeaders().getFirst("Authorization") + " " + body);
            byte[] bytes = answer.getBytes(StandardCharsets.UTF_8);
            exchange.getResponseHeaders().add("Location", "/check2");
            exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
            exchange.getResponseBody().write(bytes);
            exchange.close();
          });
      server.start();
      try {
        URI address = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/check");
        return OutsideCheck.of("fraud", new HttpCheck(address, "t0ken", LONG), LONG, RISK_TEAM)
            .judge(call("pay", "{\"id\":9007199254740993}"));
      } finally {
        server.stop(0);
      }
    }

    @Test
    @Tag("C23")
    void theCallIsSentWithItsExactArguments() throws IOException {
      assertThat(answered(200, "{\"outcome\":\"pass\"}")).isInstanceOf(PolicyOutcome.Allow.class);
      assertThat(asked.get())
          .startsWith("Bearer t0ken {\"agent\":\"payer\",\"tool\":\"pay\"")
          .contains("\"arguments\":{\"id\":9007199254740993}");
    }

    @Test
    @Tag("C23")
    void itMayDenyAndRaise() throws IOException {
      assertThat(answered(200, "{\"outcome\":\"deny\",\"reason\":\"Blocked.\"}"))
          .isEqualTo(new PolicyOutcome.Deny("check fraud", "Blocked."));
      asksTheRiskTeam(
          answered(200, "{\"outcome\":\"raise\",\"reason\":\"Odd.\",\"risk\":\"HIGH\"}"));
    }

    @ParameterizedTest
    @Tag("C23")
    @Tag("X60")
    @CsvSource(
        delimiter = '|',
        quoteCharacter = '~',
        value = {
          "200 | {'outcome':'approve'}",
          "200 | {'outcome':'allow'}",
          "200 | {'outcome':'PASS'}",
          "200 | {}",
          "200 | {'outcome':'deny'}",
          "200 | {'outcome':'raise','reason':'x','risk':'NONE'}",
          "200 | pass",
          "200 | [1]",
          "204 | ~~",
          "302 | {'outcome':'pass'}",
          "500 | {'outcome':'pass'}"
        })
    void anyOtherAnswerAsks(int status, String answer) throws IOException {
      asksTheRiskTeam(answered(status, answer.replace('\'', '"')));
    }

    @Test
    @Tag("C23")
    void nobodyListeningAsks() {
      HttpCheck nobody = new HttpCheck(URI.create("http://127.0.0.1:1/check"), null, LONG);

      asksTheRiskTeam(judged(nobody, LONG));
    }

    @ParameterizedTest
    @ValueSource(
        strings = {"http://example.org/check", "ftp://localhost/", "check", "http://10.0.0.1/"})
    void argumentsAreNotSentInTheClear(String address) {
      assertThatThrownBy(() -> new HttpCheck(URI.create(address), null, LONG))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }
}
