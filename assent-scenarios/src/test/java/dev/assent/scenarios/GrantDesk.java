package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.ArgumentRule;
import dev.assent.core.DecisionOutcome;
import dev.assent.core.DecisionRequest;
import dev.assent.core.Grant;
import dev.assent.core.GrantScope;
import dev.assent.core.JsonNumber;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.Verdict;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.GrantOffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;

/** A desk at which people say "always". */
final class GrantDesk {
  final Desk desk;
  private int keys;

  GrantDesk(Path folder, UnaryOperator<Agent.Builder> agent, UnaryOperator<Assent.Builder> more) {
    this.desk = new Desk(Desk.Habit.STAYS, folder, agent, more);
  }

  /** For a day, for any run. */
  GrantScope scope(GrantScope.Arguments arguments) {
    return scope(arguments, null, null);
  }

  GrantScope scope(GrantScope.Arguments arguments, Integer uses, GrantScope.Budget budget) {
    return new GrantScope(
        GrantScope.Reach.AGENT,
        List.of(),
        desk.clock.instant().plus(Duration.ofDays(1)),
        arguments,
        uses,
        budget);
  }

  GrantScope exact() {
    return scope(new GrantScope.Arguments.Exact());
  }

  GrantScope anything(Integer uses) {
    return scope(new GrantScope.Arguments.Anything(), uses, null);
  }

  GrantScope upTo(String amount) {
    return scope(
        new GrantScope.Arguments.Matching(
            Map.of("amount", new ArgumentRule.Range(null, new JsonNumber(amount)))));
  }

  GrantScope budget(String most, Duration window) {
    return scope(
        new GrantScope.Arguments.Anything(),
        null,
        new GrantScope.Budget("amount", new JsonNumber(most), window));
  }

  GrantOffer offer(Requirement to, GrantScope scope, Principal by) {
    return desk.assent.grantOffer(to.id(), scope, by);
  }

  /** Looks at what it would allow, confirms it and approves. */
  DecisionOutcome saysAlways(Requirement to, GrantScope scope, Principal by) {
    GrantOffer.Shown shown = (GrantOffer.Shown) offer(to, scope, by);
    return decides(to, new DecisionRequest.Always(scope, shown.digest()), by);
  }

  DecisionOutcome decides(Requirement to, DecisionRequest.Always always, Principal by) {
    return desk.assent.decide(
        to.id(),
        new DecisionRequest(
                to.version(), to.digest(), Verdict.APPROVE, null, null, "always-" + ++keys)
            .withAlways(always),
        by);
  }

  /** Says it, and it counts. */
  Grant always(Requirement to, GrantScope scope) {
    assertThat(saysAlways(to, scope, Desk.ADA)).isInstanceOf(DecisionOutcome.Recorded.class);
    return newest();
  }

  Grant newest() {
    return all().getFirst().grant();
  }

  /** As it is stored now. */
  Grant now(Grant grant) {
    return desk.store.grant(Desk.TENANT, grant.id()).orElseThrow();
  }

  List<Store.StoredGrant> all() {
    return desk.assent.grants(new Store.GrantQuery(null, null, 100, null));
  }
}
