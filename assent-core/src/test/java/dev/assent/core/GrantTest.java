package dev.assent.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("X13")
class GrantTest {
  private static final Instant NOW = Instant.parse("2026-05-04T10:00:00Z");
  private static final Instant TOMORROW = NOW.plus(Duration.ofDays(1));
  private static final ApprovalTerms TERMS =
      new ApprovalTerms(
          "payments",
          List.of(Threshold.role("finance")),
          Risk.MEDIUM,
          "",
          null,
          null,
          null,
          ApprovalTerms.OnExpiry.REJECT);
  private static final String APPROVED = "{\"amount\":5,\"vendor\":\"Acme\"}";

  private static GrantScope scope(GrantScope.Arguments arguments) {
    return new GrantScope(GrantScope.Reach.AGENT, List.of(), TOMORROW, arguments, null, null);
  }

  private static GrantScope matching(Map<String, ArgumentRule> rules) {
    return scope(new GrantScope.Arguments.Matching(rules)).completed(json(APPROVED));
  }

  private static JsonObject json(String text) {
    return (JsonObject) Json.parse(text);
  }

  private static Digest keyed(JsonObject arguments) {
    return Digest.over("test", CanonicalJson.of(arguments));
  }

  private static Grant grant(GrantScope scope) {
    return new Grant(
        new GrantId("g-1"),
        "ada",
        "ada",
        RequirementId.of(Some.RUN, new ToolCallId("c1"), RequirementKind.APPROVAL, 1),
        Some.digest("text"),
        Some.RUN,
        Some.RUN,
        "session",
        "bot",
        "pay",
        Some.digest("tool"),
        Grant.termsOf(TERMS),
        keyed(json(APPROVED)),
        scope,
        "text",
        NOW,
        1,
        0,
        List.of(),
        null,
        null,
        null);
  }

  private static GrantedCall call(String arguments) {
    return call("run-2", "bot", arguments, TERMS, "tool");
  }

  private static GrantedCall call(
      String run, String agent, String arguments, ApprovalTerms terms, String tool) {
    return new GrantedCall(
        new RunId(run),
        new RunId(run),
        "session-of-" + run,
        agent,
        new ToolCallId("c1"),
        "pay",
        Some.digest(tool),
        Grant.termsOf(terms),
        json(arguments),
        keyed(json(arguments)));
  }

  private static boolean covers(GrantScope scope, String arguments) {
    return grant(scope).whyNot(call(arguments), NOW, false).isEmpty();
  }

  @Nested
  class Arguments {
    @Test
    void yesToFiveIsNotYesToFiftyThousand() {
      GrantScope exact = scope(new GrantScope.Arguments.Exact());

      assertThat(covers(exact, APPROVED)).isTrue();
      assertThat(covers(exact, "{\"amount\":50000,\"vendor\":\"Acme\"}")).isFalse();
      assertThat(covers(exact, "{\"amount\":5,\"vendor\":\"Mallory\"}")).isFalse();
    }

    @Test
    void whatIsNotNamedHasToBeEqual() {
      GrantScope upTo =
          matching(Map.of("amount", new ArgumentRule.Range(null, new JsonNumber("500"))));

      assertThat(covers(upTo, "{\"amount\":500.00,\"vendor\":\"Acme\"}")).isTrue();
      assertThat(covers(upTo, "{\"amount\":500.01,\"vendor\":\"Acme\"}")).isFalse();
      assertThat(covers(upTo, "{\"amount\":\"5\",\"vendor\":\"Acme\"}")).isFalse();
      assertThat(covers(upTo, "{\"amount\":5,\"vendor\":\"acme\"}")).isFalse();
      assertThat(covers(upTo, "{\"amount\":5}")).isFalse();
      assertThat(covers(upTo, "{\"amount\":5,\"vendor\":\"Acme\",\"iban\":\"X\"}")).isFalse();
    }

    @Test
    void onlyAnExplicitAnyLetsAnythingThrough() {
      Map<String, ArgumentRule> rules = new LinkedHashMap<>();
      rules.put("memo", new ArgumentRule.Anything());
      GrantScope memo = matching(rules);

      assertThat(covers(memo, "{\"amount\":5,\"memo\":[1],\"vendor\":\"Acme\"}")).isTrue();
      assertThat(covers(memo, APPROVED)).isTrue();
      assertThat(covers(memo, "{\"amount\":6,\"memo\":\"x\",\"vendor\":\"Acme\"}")).isFalse();
      assertThat(covers(scope(new GrantScope.Arguments.Anything()), "{\"x\":1}")).isTrue();
    }

    @Test
    void aListKnowsNumbersByTheirValue() {
      ArgumentRule rule =
          new ArgumentRule.OneOf(List.of(Json.parse("1.50"), Json.parse("\"two\"")));

      assertThat(rule.accepts(Json.parse("1.5"))).isTrue();
      assertThat(rule.accepts(Json.parse("\"1.5\""))).isFalse();
      assertThat(rule.accepts(Json.parse("\"two\""))).isTrue();
      assertThat(rule.accepts(null)).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
      "a*,       a,        true",
      "a*,       abc,      true",
      "a*,       ba,       false",
      "*.txt,    x.txt,    true",
      "*.txt,    x.txt.sh, false",
      "a*b*c,    aXbYbZc,  true",
      "a*b*c,    aXbYbZ,   false",
      "a?c,      abc,      true",
      "a?c,      ac,       false",
      "a.c,      abc,      false",
      "(a|b)+,   a,        false",
      "*,        '',       true"
    })
    void aFormOfTextsIsNoRegularExpression(String glob, String text, boolean fits) {
      assertThat(new ArgumentRule.Text(glob).accepts(new JsonString(text))).isEqualTo(fits);
    }

    @Test
    void aStarDoesNotStandForHiddenCharacters() {
      ArgumentRule rule = new ArgumentRule.Text("a*b");

      assertThat(rule.accepts(new JsonString("a\u202eb"))).isFalse();
      assertThat(rule.accepts(new JsonString("a\nb"))).isFalse();
      assertThat(rule.accepts(new JsonString("a\ud83d\ude00b"))).isTrue();
    }

    @Test
    void aFormOfTextsMeansWhatAnExpressionOfItWould() {
      long seed = new Random().nextLong();
      Random random = new Random(seed);
      for (int i = 0; i < 5_000; i++) {
        String glob = text(random, "ab*?") + "a";
        String text = text(random, "ab");
        boolean expected = Pattern.matches(glob.replace("?", ".").replace("*", ".*"), text);

        assertThat(new ArgumentRule.Text(glob).accepts(new JsonString(text)))
            .as("%s on %s, seed %d", glob, text, seed)
            .isEqualTo(expected);
      }
    }

    private static String text(Random random, String alphabet) {
      StringBuilder text = new StringBuilder();
      for (int i = random.nextInt(8); i > 0; i--) {
        text.append(alphabet.charAt(random.nextInt(alphabet.length())));
      }
      return text.toString();
    }
  }

  @Nested
  class Voided {
    private final GrantScope any = scope(new GrantScope.Arguments.Anything());

    private void serves(boolean serves, GrantedCall call) {
      assertThat(grant(any).whyNot(call, NOW, false).isEmpty()).isEqualTo(serves);
    }

    @Test
    void byAnotherFingerprintOfTheTool() {
      serves(true, call("run-2", "bot", APPROVED, TERMS, "tool"));
      serves(false, call("run-2", "bot", APPROVED, TERMS, "changed"));
    }

    @Test
    void byOtherTerms() {
      serves(
          false, call("run-2", "bot", APPROVED, TERMS.and(ApprovalTerms.simple("more")), "tool"));
      serves(
          true,
          call(
              "run-2",
              "bot",
              APPROVED,
              TERMS.within(Duration.ofHours(1), TERMS.onExpiry()),
              "tool"));
    }

    @Test
    void byTime() {
      Grant grant = grant(any);

      assertThat(grant.whyNot(call(APPROVED), TOMORROW.minusMillis(1), false)).isEmpty();
      assertThat(grant.whyNot(call(APPROVED), TOMORROW, false)).isPresent();
      assertThat(grant.whyNot(call(APPROVED), TOMORROW, true))
          .as("what has begun goes on")
          .isEmpty();
      assertThat(grant.status(TOMORROW)).isEqualTo(Grant.Status.EXPIRED);
    }

    @Test
    void byWhoeverRevokesItAlsoForWhatHasBegun() {
      Grant revoked = grant(any).revoked("bea", NOW);

      assertThat(revoked.whyNot(call(APPROVED), NOW, true)).isPresent();
      assertThat(revoked.status(NOW)).isEqualTo(Grant.Status.REVOKED);
      assertThat(revoked.revision()).isEqualTo(2);
    }
  }

  @Nested
  class Reach {
    private static GrantScope of(GrantScope.Reach reach, String... also) {
      return new GrantScope(
          reach, List.of(also), TOMORROW, new GrantScope.Arguments.Anything(), null, null);
    }

    @Test
    void endsAtItsRunAndItsSession() {
      Grant run = grant(of(GrantScope.Reach.RUN));
      Grant session = grant(of(GrantScope.Reach.SESSION));
      GrantedCall elsewhere = call(APPROVED);
      GrantedCall here =
          new GrantedCall(
              new RunId("child"),
              Some.RUN,
              "session",
              "bot",
              elsewhere.call(),
              "pay",
              elsewhere.fingerprint(),
              elsewhere.terms(),
              elsewhere.arguments(),
              elsewhere.exact());

      assertThat(run.whyNot(elsewhere, NOW, false)).isPresent();
      assertThat(run.whyNot(here, NOW, false)).isEmpty();
      assertThat(session.whyNot(elsewhere, NOW, false)).isPresent();
      assertThat(session.whyNot(here, NOW, false)).isEmpty();
    }

    @Test
    void anotherAgentIsServedOnlyWhenNamed() {
      GrantedCall helper = call("run-2", "helper", APPROVED, TERMS, "tool");

      assertThat(grant(of(GrantScope.Reach.AGENT)).whyNot(helper, NOW, false)).isPresent();
      assertThat(grant(of(GrantScope.Reach.AGENT, "helper")).whyNot(helper, NOW, false)).isEmpty();
    }
  }

  @Nested
  class Counting {
    private static GrantScope limited(Integer uses, String most) {
      return new GrantScope(
          GrantScope.Reach.AGENT,
          List.of(),
          TOMORROW,
          new GrantScope.Arguments.Anything(),
          uses,
          most == null
              ? null
              : new GrantScope.Budget("amount", new JsonNumber(most), Duration.ofHours(1)));
    }

    private static GrantedCall pays(String run, String amount) {
      return call(run, "bot", "{\"amount\":" + amount + "}", TERMS, "tool");
    }

    @Test
    void usesEnd() {
      Grant once = grant(limited(1, null));
      Grant after = once.used(pays("run-2", "1"), NOW).orElseThrow();

      assertThat(after.used(pays("run-3", "1"), NOW)).isEmpty();
      assertThat(after.status(NOW)).isEqualTo(Grant.Status.USED_UP);
      assertThat(
              after
                  .givenBack(new RunId("run-2"), new ToolCallId("c1"))
                  .used(pays("run-3", "1"), NOW))
          .isPresent();
    }

    @Test
    void sumsAreExact() {
      Grant grant = grant(limited(null, "0.3"));
      Grant one = grant.used(pays("run-2", "0.1"), NOW).orElseThrow();
      Grant two = one.used(pays("run-3", "0.2"), NOW).orElseThrow();

      assertThat(two.sum(NOW)).isEqualByComparingTo("0.3");
      assertThat(two.used(pays("run-4", "1e-64"), NOW)).isEmpty();
      assertThat(two.used(pays("run-4", "0"), NOW)).isPresent();
    }

    @Test
    void whatCannotBeSummedIsNotServed() {
      Grant grant = grant(limited(null, "10"));

      assertThat(grant.used(pays("run-2", "-5"), NOW)).isEmpty();
      assertThat(grant.used(pays("run-2", "\"5\""), NOW)).isEmpty();
      assertThat(grant.used(call("{\"x\":1}"), NOW)).isEmpty();
    }

    @Test
    void aWindowEnds() {
      Grant full = grant(limited(null, "10")).used(pays("run-2", "10"), NOW).orElseThrow();

      assertThat(full.used(pays("run-3", "1"), NOW.plus(Duration.ofMinutes(59)))).isEmpty();
      Grant later = full.used(pays("run-3", "1"), NOW.plus(Duration.ofHours(1))).orElseThrow();
      assertThat(later.spent()).hasSize(1);
      assertThat(later.used()).isEqualTo(2);
    }

    @Test
    void anArgumentThatGrewWhileItWaitedIsCountedAnew() {
      Grant held = grant(limited(1, "10")).used(pays("run-2", "4"), NOW).orElseThrow();

      assertThat(held.usedStill(pays("run-2", "10"), NOW).orElseThrow().sum(NOW))
          .isEqualByComparingTo("10");
      assertThat(held.usedStill(pays("run-2", "10"), NOW).orElseThrow().used()).isEqualTo(1);
      assertThat(held.usedStill(pays("run-2", "11"), NOW)).isEmpty();
    }

    @Test
    void aRandomHistoryNeverSpendsMoreThanItMay() {
      long seed = new Random().nextLong();
      Random random = new Random(seed);
      Grant grant = grant(limited(40, "100"));
      Map<String, Integer> counted = new LinkedHashMap<>();
      for (int i = 0; i < 500; i++) {
        String run = "run-" + random.nextInt(60);
        int amount = random.nextInt(30);
        if (counted.containsKey(run)) {
          grant = grant.givenBack(new RunId(run), new ToolCallId("c1"));
          counted.remove(run);
        } else {
          Optional<Grant> next = grant.used(pays(run, "" + amount), NOW);
          int sum = counted.values().stream().mapToInt(Integer::intValue).sum();
          assertThat(next.isPresent())
              .as("seed %d", seed)
              .isEqualTo(counted.size() < 40 && sum + amount <= 100);
          if (next.isPresent()) {
            grant = next.get();
            counted.put(run, amount);
          }
        }
        assertThat(grant.used()).isEqualTo(counted.size());
      }
    }
  }

  @Nested
  class Words {
    @Test
    void sayAllOfIt() {
      Map<String, ArgumentRule> rules = new LinkedHashMap<>();
      rules.put("amount", new ArgumentRule.Range(null, new JsonNumber("500")));
      GrantScope scope =
          new GrantScope(
                  GrantScope.Reach.SESSION,
                  List.of("helper"),
                  TOMORROW,
                  new GrantScope.Arguments.Matching(rules),
                  3,
                  new GrantScope.Budget("amount", new JsonNumber("900"), Duration.ofDays(1)))
              .completed(json(APPROVED));

      assertThat(GrantText.of("bot", "pay", json(APPROVED), scope))
          .isEqualTo(
              "Besides this call, bot and helper may call pay without asking again in this session"
                  + " until 2026-05-05T10:00:00Z, 3 times, where amount is a number of at most 500;"
                  + " vendor is exactly \"Acme\"; and there is no other argument. Over any 1 day the"
                  + " sum of amount stays at most 900.");
    }

    @Test
    void aConfirmationIsOfOneTextOneScopeAndOneVersionOfTheApproval() {
      Requirement approval = Some.requirement(TERMS, null);
      GrantScope exact = scope(new GrantScope.Arguments.Exact());
      Digest shown = Grant.confirmation(approval, exact, "text");

      assertThat(Grant.confirmation(approval, exact, "other")).isNotEqualTo(shown);
      assertThat(Grant.confirmation(approval, scope(new GrantScope.Arguments.Anything()), "text"))
          .isNotEqualTo(shown);
      assertThat(
              Grant.confirmation(
                  approval.askedAgain(2, Some.digest("next"), TERMS, null, true, Some.NOW),
                  exact,
                  "text"))
          .isNotEqualTo(shown);
    }

    @Test
    void aScopeOfNonsenseIsRefused() {
      assertThatThrownBy(() -> new ArgumentRule.Range(new JsonNumber("2"), new JsonNumber("1")))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new ArgumentRule.Range(null, null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new ArgumentRule.OneOf(List.of()))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Counting.limited(0, null))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> Counting.limited(null, "-1"))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void isStoredAndReadAsItWas() {
    Grant grant =
        grant(
                new GrantScope(
                    GrantScope.Reach.RUN,
                    List.of("helper"),
                    TOMORROW,
                    new GrantScope.Arguments.Matching(
                        Map.of("a", new ArgumentRule.OneOf(List.of(Json.parse("[1.10]"))))),
                    2,
                    new GrantScope.Budget("amount", new JsonNumber("9.50"), Duration.ofDays(1))))
            .revoked("bea", NOW);

    assertThat(RecordJson.read(Grant.class, RecordJson.write(grant))).isEqualTo(grant);
    assertThat(new String(RecordJson.write(grant.scope()), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"reach\":\"RUN\",\"alsoFor\":[\"helper\"],\"until\":\"2026-05-05T10:00:00Z\","
                + "\"arguments\":{\"type\":\"matching\",\"rules\":{\"a\":{\"type\":\"oneOf\","
                + "\"values\":[[1.10]]}}},\"uses\":2,"
                + "\"budget\":{\"argument\":\"amount\",\"most\":9.50,\"window\":\"PT24H\"}}");
  }
}
