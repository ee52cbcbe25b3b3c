package dev.assent.scenarios;

import static dev.assent.scenarios.World.pay;
import static dev.assent.testkit.ScriptedModel.call;
import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.AuditRecord;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Principal;
import dev.assent.core.Profile;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Policy;
import dev.assent.policy.LivePolicy;
import dev.assent.policy.RulePolicy;
import dev.assent.policy.ShadowPolicy;
import dev.assent.policy.StarterPolicy;
import dev.assent.runtime.GateRequest;
import dev.assent.runtime.GateResult;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Runs under a file of rules. */
@ParameterizedClass
@EnumSource(World.Kept.class)
@Timeout(60)
class PolicyStoryTest {
  private static final Map<String, Principal> PEOPLE =
      Map.of(
          "ada", Principal.person("ada", "approver"),
          "bob", Principal.person("bob", "approver"),
          "root", Principal.person("root", "admin"));

  private static final String RULES =
      """
      assent: policy/1
      name: mails
      version: 1
      default-approvers: 1 of role approver
      otherwise: allow
      risk:
        - {id: strangers, tools: mail, when: '!arguments.to.endsWith("@us")', class: high}
      rules:
        - {id: inside, tools: mail, when: risk < HIGH, then: audit}
        - {id: outside, tools: mail, when: risk == HIGH, then: ask}
        - {id: rivals, tools: mail, when: arguments.to.contains("rival"), then: {deny: Not to rivals.}}
      """;

  @Parameter World.Kept kept;
  @TempDir Path folder;
  private World world;
  private final AtomicInteger keys = new AtomicInteger();

  @BeforeEach
  void begin() {
    world = new World(kept, folder);
  }

  @AfterEach
  void end() {
    world.close();
  }

  private void under(Policy policy, Profile profile) {
    world.assent.close();
    world.more =
        builder ->
            builder
                .policy(policy)
                .directory(id -> Optional.ofNullable(PEOPLE.get(id)))
                .profile(profile);
    world.assent = world.start(world.store);
  }

  private void under(String rules) {
    under(RulePolicy.parse("mails.yaml", rules), Profile.SOLO);
  }

  private void models(String to) {
    world.model.calls(call("m-" + to, "mail", "{\"to\":\"" + to + "\"}"));
    world.model.says("Done.");
  }

  private DecisionOutcome approves(String who, Requirement shown, String typed) {
    return world.assent.decide(
        shown.id(),
        new DecisionRequest(
            shown.version(),
            shown.digest(),
            Verdict.APPROVE,
            null,
            typed,
            "k" + keys.incrementAndGet()),
        PEOPLE.get(who));
  }

  private String audit() {
    StringBuilder all = new StringBuilder();
    world.store.audit(World.TENANT, 0, 1_000).stream()
        .map(row -> AuditRecord.read(row.recordBytes()))
        .forEach(record -> all.append(record.details().values()).append('\n'));
    return all.toString();
  }

  @Test
  @Tag("B7")
  void whatTheRulesAllowRunsAndIsInTheAuditWithItsRule() {
    under(RULES);
    models("bob@us");

    assertThat(world.assent.run("bot", "Mail")).isInstanceOf(RunResult.Completed.class);

    assertThat(world.ledger).containsExactly("mail bob@us");
    assertThat(audit()).containsPattern("call.allowed c1 [0-9a-f]+ audited inside \\(mails v1\\)");
  }

  @Test
  @Tag("B7")
  void whatTheRulesDenyDoesNotRunAndTheModelReadsWhy() {
    under(RULES);
    models("eve@rival");

    world.assent.run("bot", "Mail");

    assertThat(world.ledger).isEmpty();
    assertThat(world.model.lastHeard().getLast().text()).isEqualTo("Not to rivals.");
  }

  @Test
  @Tag("B7")
  @Tag("B18")
  void whatIsOfTheHighestClassIsApprovedByTypingTheToolsName() {
    under(RULES);
    models("eve@them");
    RunResult.Paused paused = world.pauses("Mail");
    Requirement shown = paused.requirements().getFirst();
    assertThat(shown.terms().rule()).isEqualTo("outside (mails v1)");

    DecisionOutcome clicked = approves("bob", shown, null);
    DecisionOutcome other = approves("bob", shown, "yes");

    assertThat(clicked).isInstanceOf(DecisionOutcome.Invalid.class);
    assertThat(other).isInstanceOf(DecisionOutcome.Invalid.class);
    assertThat(world.ledger).isEmpty();

    approves("bob", shown, "mail");
    world.assent.resume(paused.run());

    assertThat(world.ledger).containsExactly("mail eve@them");
  }

  @Test
  @Tag("C15")
  void whereTheRulesWantAnAdminNobodyElseWillDoWhoeverStartedTheRun() {
    under(
        RulePolicy.parse(
            "admins.yaml",
            RULES.replace("then: ask", "then: {require: {approvers: 1 of role admin}}")),
        Profile.SEPARATED);
    models("eve@them");
    RunResult paused = world.assent.run(RunRequest.of("bot", "Mail").by("bob"));
    Requirement shown = ((RunResult.Paused) paused).requirements().getFirst();

    assertThat(approves("ada", shown, "mail")).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(approves("bob", shown, "mail")).isInstanceOf(DecisionOutcome.NotEntitled.class);
    assertThat(world.ledger).isEmpty();

    approves("root", shown, "mail");
    world.assent.resume(paused.run());
    assertThat(world.ledger).hasSize(1);
  }

  @Test
  @Tag("X27")
  void aRuleThatCannotBeEvaluatedAsksItsDefaultApprovers() {
    under(RULES.replace("arguments.to.contains", "arguments.cc.contains"));
    models("bob@us");

    RunResult.Paused paused = world.pauses("Mail");

    Requirement shown = paused.requirements().getFirst();
    assertThat(shown.terms().rule()).contains("rivals cannot be told, a field is missing");
    assertThat(approves("root", shown, null)).isInstanceOf(DecisionOutcome.NotEntitled.class);
    approves("ada", shown, null);
    world.assent.resume(paused.run());
    assertThat(world.ledger).containsExactly("mail bob@us");
  }

  @Test
  @Tag("X54")
  void aFileThatBecameStricterAsksAgainAndKeepsTheVote() throws IOException {
    Path file = Files.writeString(folder.resolve("mails.yaml"), RULES);
    LivePolicy live = LivePolicy.open(file, id -> Optional.ofNullable(PEOPLE.get(id)));
    under(live, Profile.SOLO);
    models("eve@them");
    RunResult.Paused paused = world.pauses("Mail");
    Files.writeString(
        file,
        RULES
            .replace("version: 1", "version: 2")
            .replace("then: ask", "then: {require: {approvers: 2 of role approver}}"));
    live.look();
    live.look();

    approves("ada", paused.requirements().getFirst(), "mail");
    RunResult still = world.assent.resume(paused.run());

    assertThat(still).isInstanceOf(RunResult.Paused.class);
    assertThat(world.ledger).isEmpty();
    Requirement again = ((RunResult.Paused) still).requirements().getFirst();
    assertThat(again.terms().rule()).isEqualTo("outside (mails v2)");
    approves("bob", again, "mail");
    world.assent.resume(paused.run());
    assertThat(world.ledger).containsExactly("mail eve@them");
  }

  @Test
  @Tag("X54")
  void aFileThatCannotBeUsedAnyMoreOpensNothing() throws IOException {
    Path file = Files.writeString(folder.resolve("mails.yaml"), RULES);
    LivePolicy live = LivePolicy.open(file, id -> Optional.empty());
    under(live, Profile.SOLO);
    Files.delete(file);
    live.look();
    live.look();
    models("eve@rival");

    world.assent.run("bot", "Mail");

    assertThat(world.ledger).isEmpty();
  }

  @Test
  @Tag("X70")
  void theQuorumHoldsOnEveryPath() {
    under(
        RulePolicy.parse(
            "two.yaml",
            RULES.replace("then: ask", "then: {require: {approvers: 2 of role approver}}")),
        Profile.SOLO);
    GateResult gated = world.assent.gate(GateRequest.of("bot", "mail", "{\"to\":\"eve@them\"}"));
    Requirement ofTheGate = ((GateResult.Waiting) gated).requirements().getFirst();
    models("eve@other");
    RunResult.Paused paused = world.pauses("Mail");
    Requirement ofTheRun = paused.requirements().getFirst();

    approves("ada", ofTheGate, "mail");
    approves("ada", ofTheRun, "mail");
    assertThat(approves("ada", ofTheRun, "mail")).isInstanceOf(DecisionOutcome.Invalid.class);
    world.assent.resume(paused.run());
    assertThat(world.ledger).isEmpty();

    approves("bob", ofTheGate, "mail");
    approves("bob", ofTheRun, "mail");
    world.assent.resume(paused.run());
    world.assent.gateResult(ofTheGate.run());
    assertThat(world.ledger).containsExactlyInAnyOrder("mail eve@them", "mail eve@other");
  }

  @Test
  void aDraftBesideTheRulesChangesNothing() {
    RulePolicy active = RulePolicy.parse("mails.yaml", RULES);
    RulePolicy draft =
        RulePolicy.parse("draft.yaml", RULES.replace("then: audit", "then: {deny: No mails.}"));
    ShadowPolicy shadow = new ShadowPolicy(active, () -> draft);
    under(shadow, Profile.SOLO);
    models("bob@us");

    world.assent.run("bot", "Mail");

    assertThat(world.ledger).containsExactly("mail bob@us");
    assertThat(shadow.differences()).isNotEmpty();
    assertThat(shadow.differences().getFirst().would()).isEqualTo("deny");
  }

  @Test
  @Tag("B17")
  void underTheStarterLookingPassesAndPayingIsTyped() {
    under(StarterPolicy.policy(), Profile.SOLO);
    world.model.calls(call("l", "look", "{\"what\":\"prices\"}"));
    world.model.calls(pay("p", "17", 10));
    world.model.says("Done.");

    RunResult.Paused paused = world.pauses("Pay 17");

    assertThat(world.ledger).containsExactly("look prices");
    Requirement shown = paused.requirements().getFirst();
    assertThat(approves("ada", shown, null)).isInstanceOf(DecisionOutcome.Invalid.class);
    approves("ada", shown, "pay");
    world.assent.resume(paused.run());
    assertThat(world.ledger).containsExactly("look prices", "pay 17 10 Acme");
  }
}
