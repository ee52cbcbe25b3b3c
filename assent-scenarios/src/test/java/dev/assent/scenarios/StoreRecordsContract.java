package dev.assent.scenarios;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.AssentException;
import dev.assent.core.AuditRecord;
import dev.assent.core.Body;
import dev.assent.core.BodyId;
import dev.assent.core.Digest;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.GrantScope;
import dev.assent.core.Mandate;
import dev.assent.core.MandateId;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunEvent;
import dev.assent.core.RunId;
import dev.assent.core.RunMode;
import dev.assent.core.SealedAuditRecord;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCallId;
import dev.assent.core.spi.AccountStore.Account;
import dev.assent.core.spi.AccountStore.LoginSession;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.Store.RequirementQuery;
import dev.assent.core.spi.Write;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

/** What every store does with requirements, bodies, effects, timers, the outbox and the audit. */
abstract class StoreRecordsContract extends StoreRunsContract {

  @Nested
  class Requirements {

    @Test
    void areReadAsTheyWereWritten() {
      Requirement asked = requirement("r1");
      done(new Write.NewRequirement(asked));

      assertThat(store.requirement(TENANT, asked.id())).contains(asked);
      assertThat(store.requirementsOf(TENANT, asked.run())).containsExactly(asked);
      conflicts(new Write.NewRequirement(asked));
    }

    @Test
    void changeOneRevisionAtATime() {
      Requirement asked = requirement("r1");
      done(new Write.NewRequirement(asked));
      Requirement closed = asked.closed(RequirementStatus.APPROVED, "bob", T0.plusMillis(7));

      conflicts(new Write.NextRequirement(asked, false, T0));
      conflicts(new Write.NextRequirement(closed.voted(), false, T0));
      conflicts(new Write.NextRequirement(requirement("r9").voted(), false, T0));
      done(new Write.NextRequirement(closed, true, T0));
      conflicts(new Write.NextRequirement(closed, true, T0));
      assertThat(store.requirement(TENANT, asked.id())).contains(closed);
    }

    @Test
    void areDecidedUntilTheDeadlineAndNotAfter() {
      Requirement asked = requirement("r1");
      done(new Write.NewRequirement(asked));

      conflicts(new Write.NextRequirement(asked.voted(), true, LATER.plusMillis(1)));
      done(new Write.NextRequirement(asked.voted(), true, LATER));
      done(new Write.NextRequirement(asked.voted().voted(), false, LATER.plusMillis(1)));
    }

    @Test
    void withoutADeadlineAreNeverTooLate() {
      Requirement asked = requirement("r1", 1, T0, null);
      done(new Write.NewRequirement(asked));

      done(new Write.NextRequirement(asked.voted(), true, Instant.parse("2099-01-01T00:00:00Z")));
    }

    @Test
    void canBeExpectedInAVersionAndStatus() {
      Requirement asked = requirement("r1");
      done(new Write.NewRequirement(asked));

      done(new Write.Expect(asked.id(), 1, RequirementStatus.PENDING));
      conflicts(new Write.Expect(asked.id(), 2, RequirementStatus.PENDING));
      conflicts(new Write.Expect(asked.id(), 1, RequirementStatus.APPROVED));
      conflicts(new Write.Expect(new RequirementId("none"), 1, RequirementStatus.PENDING));
    }

    @Test
    void comeInPagesByDeadlineThenAge() {
      List<Requirement> all = new ArrayList<>();
      for (int i = 0; i < 11; i++) {
        Instant deadline = i % 3 == 0 ? null : LATER.plusSeconds(10 - i / 2);
        all.add(requirement("r" + i, i, T0.plusMillis(i % 4), deadline));
        done(new Write.NewRequirement(all.getLast()));
      }

      List<Requirement> paged = new ArrayList<>();
      String after = null;
      do {
        Store.Page<Requirement> page = store.requirements(TENANT, pendingAfter(after));
        assertThat(page.total()).isEqualTo(11);
        assertThat(page.items().size()).isBetween(1, 4);
        paged.addAll(page.items());
        after = page.next();
      } while (after != null);

      assertThat(paged)
          .containsExactlyInAnyOrderElementsOf(all)
          .isSortedAccordingTo(
              java.util.Comparator.comparing(
                      (Requirement r) -> r.deadline() == null ? Instant.MAX : r.deadline())
                  .thenComparing(Requirement::createdAt)
                  .thenComparing(r -> r.id().value()));
    }

    private RequirementQuery pendingAfter(String after) {
      return RequirementQuery.pending(4).after(after);
    }

    @Test
    void canBeFiltered() {
      Requirement one = requirement("r1", 1, T0, null);
      Requirement two = requirement("r2", 2, T0, LATER);
      Requirement three = requirement("r2", 3, T0, LATER);
      done(
          new Write.NewRequirement(one),
          new Write.NewRequirement(two),
          new Write.NewRequirement(three));
      Requirement rejected = three.closed(RequirementStatus.REJECTED, "bob", T0);
      done(new Write.NextRequirement(rejected, true, T0));

      assertThat(found(Set.of(), null, null, null, null, null))
          .containsExactlyInAnyOrder(one, two, rejected);
      assertThat(found(Set.of(RequirementStatus.PENDING), null, null, null, null, null))
          .containsExactly(two, one);
      assertThat(
              found(
                  Set.of(RequirementStatus.REJECTED, RequirementStatus.EXPIRED),
                  RequirementKind.APPROVAL,
                  null,
                  null,
                  null,
                  null))
          .containsExactly(rejected);
      assertThat(found(Set.of(), null, null, "pay_invoice", null, null)).containsExactly(two);
      assertThat(found(Set.of(), null, "finance_bot", "send_mail", "r1", Risk.MEDIUM))
          .containsExactly(one);
      assertThat(found(Set.of(), RequirementKind.REVIEW, null, null, null, null)).isEmpty();
      assertThat(found(Set.of(), null, "other_bot", null, null, null)).isEmpty();
      assertThat(found(Set.of(), null, null, null, null, Risk.HIGH)).isEmpty();
    }

    @Test
    @org.junit.jupiter.api.Tag("C9")
    void canBeFilteredByTimeAndPeople() {
      Requirement one = requirement("r1", 1, T0, null);
      Requirement two = requirement("r2", 2, T0.plusSeconds(10), LATER);
      done(new Write.NewRequirement(one), new Write.NewRequirement(two));
      Requirement closed = two.closed(RequirementStatus.REJECTED, "bob", T0.plusSeconds(20));
      done(new Write.NextRequirement(closed, true, T0));
      Store.Span upTo = new Store.Span(null, T0.plusSeconds(10));
      Store.Span from = new Store.Span(T0.plusSeconds(10), null);

      assertThat(matching(q -> q.between(upTo, Store.Span.ALWAYS))).containsExactly(one);
      assertThat(matching(q -> q.between(from, Store.Span.ALWAYS))).containsExactly(closed);
      assertThat(
              matching(
                  q ->
                      q.between(
                          Store.Span.ALWAYS,
                          new Store.Span(T0.plusSeconds(20), T0.plusSeconds(21)))))
          .containsExactly(closed);
      assertThat(
              matching(
                  q ->
                      q.between(
                          Store.Span.ALWAYS,
                          new Store.Span(T0.plusSeconds(10), T0.plusSeconds(20)))))
          .isEmpty();
      assertThat(matching(q -> q.from(null, null, "bob"))).containsExactly(closed);
      assertThat(matching(q -> q.from(null, null, "eve"))).isEmpty();
    }

    private List<Requirement> matching(
        java.util.function.UnaryOperator<RequirementQuery> narrowed) {
      return store.requirements(TENANT, narrowed.apply(RequirementQuery.first(9))).items();
    }

    private List<Requirement> found(
        Set<RequirementStatus> statuses,
        RequirementKind kind,
        String agent,
        String tool,
        String run,
        Risk risk) {
      return store
          .requirements(
              TENANT,
              RequirementQuery.first(9)
                  .in(statuses.toArray(RequirementStatus[]::new))
                  .of(kind)
                  .by(agent, tool)
                  .of(run == null ? null : new RunId(run))
                  .of(risk))
          .items();
    }

    @Test
    void aPlaceThatIsNoneIsRefused() {
      assertThatThrownBy(() -> store.requirements(TENANT, pendingAfter("nonsense")))
          .isInstanceOfSatisfying(
              AssentException.class, e -> assertThat(e.code()).isEqualTo("invalid-cursor"));
    }
  }

  @Nested
  class Decisions {

    @Test
    void comeBackGenuineAndInOrder() {
      Requirement asked = requirement("r1");
      Write.NewDecision first = vote(asked, "zoe", "k1");
      Write.NewDecision second = vote(asked, "bob", "k1");
      done(new Write.NewRequirement(asked), first);
      done(second);

      List<SignedDecision> stored = store.decisions(TENANT, asked.id());

      assertThat(stored)
          .extracting(SignedDecision::decision)
          .containsExactly(first.decision().decision(), second.decision().decision());
      assertThat(stored).allMatch(decision -> decision.genuine(store.keys(), TENANT));
      assertThat(stored).noneMatch(decision -> decision.genuine(store.keys(), "other"));
    }

    @Test
    void conflictWhenThePrincipalUsedTheKeyOnIt() {
      Requirement asked = requirement("r1");
      done(vote(asked, "bob", "k1"));

      conflicts(vote(asked, "bob", "k1"));
      done(vote(asked, "bob", "k2"), vote(requirement("r2"), "bob", "k1"));
    }
  }

  @Nested
  class Bodies {

    @Test
    void comeBackByteForByte_X57() {
      Random random = new Random(1);
      List<Body> bodies = new ArrayList<>();
      for (int size : new int[] {0, 1, 1_023, 1_024, 1_025, 20_000, 300_000}) {
        byte[] noise = new byte[size];
        random.nextBytes(noise);
        bodies.add(new Body(new BodyId("noise-" + size), salt(random), noise));
        bodies.add(new Body(new BodyId("zeros-" + size), salt(random), new byte[size]));
      }
      bodies.forEach(body -> done(new Write.PutBody("s1", body)));

      assertThat(store.bodies(TENANT, bodies.stream().map(Body::id).toList()))
          .hasSize(bodies.size());
      for (Body body : bodies) {
        Body stored = store.body(TENANT, body.id()).orElseThrow();
        assertThat(stored.content()).isEqualTo(body.content());
        assertThat(stored.salt()).isEqualTo(body.salt());
        assertThat(stored.ref()).isEqualTo(body.ref());
      }
    }

    private byte[] salt(Random random) {
      byte[] salt = new byte[16];
      random.nextBytes(salt);
      return salt;
    }

    @Test
    void areNeverReplaced() {
      done(putBody("s1", "text"));

      conflicts(putBody("s1", "text"));
      conflicts(putBody("s2", "text"));
    }

    @Test
    void ofASessionWhoseFirstTransactionFailedAreReadable() {
      conflicts(new Write.Ring(new RunId("none"), T0));
      assertThat(
              store.commit(
                  TENANT, List.of(putBody("s7", "lost"), new Write.Ring(new RunId("none"), T0))))
          .isNotEqualTo(new dev.assent.core.spi.Committed.Done());

      done(putBody("s7", "kept"));

      assertThat(store.body(TENANT, new BodyId("kept")).orElseThrow().text()).isEqualTo("kept");
      assertThat(store.body(TENANT, new BodyId("lost"))).isEmpty();
    }

    @Test
    void areOfOneTenant() {
      done(putBody("s1", "text"));

      assertThat(store.body("other", new BodyId("text"))).isEmpty();
      assertThat(store.bodies(TENANT, List.of(new BodyId("text"), new BodyId("none"))))
          .containsOnlyKeys(new BodyId("text"));
      assertThat(store.bodies(TENANT, List.of())).isEmpty();
    }
  }

  @Nested
  class Sessions {

    @Test
    void countTheirMessages() {
      Write.NewMessage user = new Write.NewMessage("s1", new RunId("r1"), "user", ref("hello"), T0);
      Write.NewMessage tool = new Write.NewMessage("s1", new RunId("r1"), "tool", ref("42"), LATER);
      done(user, tool);
      conflicts(new Write.Ring(new RunId("none"), T0));
      done(user, new Write.NewMessage("s2", new RunId("r2"), "user", ref("other"), T0));

      assertThat(store.messages(TENANT, "s1"))
          .containsExactly(
              new Store.StoredMessage(1, new RunId("r1"), "user", ref("hello"), T0),
              new Store.StoredMessage(2, new RunId("r1"), "tool", ref("42"), LATER),
              new Store.StoredMessage(3, new RunId("r1"), "user", ref("hello"), T0));
      assertThat(store.messages(TENANT, "s2")).hasSize(1);
      assertThat(store.messages(TENANT, "s3")).isEmpty();
    }

    @Test
    void journalsHaveEachVersionOnce() {
      RunId run = new RunId("r1");
      List<RunEvent> events = List.of(started("r1", "s1", RunMode.CONVERSATION));
      List<RunEvent> more = List.of(new RunEvent.CancelAsked("bob"));
      done(new Write.Journal(run, 1, events, T0), new Write.Journal(run, 2, more, LATER));

      conflicts(new Write.Journal(run, 2, events, T0));
      assertThat(store.journal(TENANT, run, 0, 10))
          .containsExactly(
              new Store.JournalEntry(1, T0, events), new Store.JournalEntry(2, LATER, more));
      assertThat(store.journal(TENANT, run, 1, 10)).hasSize(1);
      assertThat(store.journal(TENANT, run, 0, 1)).hasSize(1);
    }
  }

  @Nested
  class Mandates {
    private final Mandate first = mandate("m1", "bob", T0);

    private static Mandate mandate(String id, String holder, Instant givenAt) {
      return new Mandate(
          new MandateId(id),
          Mandate.Kind.DELEGATION,
          "ada",
          holder,
          List.of("pay", "re*"),
          Risk.MEDIUM,
          new RequirementId("r1-c1a1"),
          givenAt,
          givenAt.plusSeconds(60),
          "on holiday",
          "ada",
          givenAt,
          1,
          null,
          null);
    }

    private static AuditRecord told(Mandate mandate) {
      return AuditRecord.of(TENANT, T0, Write.MANDATE)
          .with(Write.MANDATE_ID, mandate.id().value())
          .with(Write.MANDATE_REVISION, Long.toString(mandate.revision()));
    }

    private static Write.NextMandate next(Mandate mandate) {
      return new Write.NextMandate(mandate, told(mandate));
    }

    private List<String> ids(Store.MandateQuery query) {
      return store.mandates(TENANT, query).stream().map(each -> each.id().value()).toList();
    }

    @Test
    void aMandateComesBackAsItWasAndItsIdIsTakenOnce() {
      done(new Write.NewMandate(first, told(first)));

      assertThat(store.mandate(TENANT, first.id())).contains(first);
      assertThat(store.mandates(TENANT, new Store.MandateQuery(null, null, 9, null)))
          .containsExactly(new Store.StoredMandate(first.id(), first, null));
      assertThat(store.mandate(TENANT, new MandateId("m2"))).isEmpty();
      assertThat(store.mandate("other", first.id())).isEmpty();
      conflicts(new Write.NewMandate(first, told(first)));
    }

    @Test
    void aMandateIsChangedByWhoReadItLast() {
      done(new Write.NewMandate(first, told(first)));
      Mandate second = first.revoked("ada", T0);
      done(next(second));

      conflicts(next(first.revoked("bob", T0)));
      conflicts(next(second.revoked("bob", T0).revoked("bob", T0)));
      assertThat(store.mandate(TENANT, first.id())).contains(second);
      conflicts(next(mandate("m9", "bob", T0).revoked("bob", T0)));
    }

    @Test
    void aTenantWithoutMandatesIsToldOfTheFirstOne() {
      assertThat(ids(new Store.MandateQuery("bob", null, 9, null))).isEmpty();
      assertThat(ids(new Store.MandateQuery(null, null, 9, null))).isEmpty();
      done(new Write.NewMandate(first, told(first)));

      assertThat(ids(new Store.MandateQuery("bob", null, 9, null))).containsExactly("m1");
    }

    @Test
    void mandatesAreFoundByHolderAndWhetherTheyAreOver() {
      Mandate second = mandate("m2", "cleo", LATER);
      Mandate third = mandate("m3", "bob", LATER);
      Mandate ended = third.revoked("ada", LATER);
      done(new Write.NewMandate(first, told(first)));
      done(new Write.NewMandate(second, told(second)));
      done(new Write.NewMandate(third, told(third)), next(ended));

      assertThat(ids(new Store.MandateQuery(null, null, 9, null)))
          .containsExactly("m3", "m2", "m1");
      assertThat(ids(new Store.MandateQuery("bob", null, 9, null))).containsExactly("m3", "m1");
      assertThat(ids(new Store.MandateQuery("bob", T0, 9, null))).containsExactly("m1");
      assertThat(ids(new Store.MandateQuery(null, T0.plusSeconds(60), 9, null)))
          .containsExactly("m2");
      assertThat(ids(new Store.MandateQuery(null, null, 1, second.id()))).containsExactly("m1");
    }

    @Test
    void theLogSaysWhichMandateAndWhichRevision() {
      assertThatThrownBy(() -> new Write.NewMandate(first, told(mandate("m2", "bob", T0))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Write.NextMandate(first.revoked("ada", T0), told(first)))
          .isInstanceOf(IllegalArgumentException.class);
      done(new Write.NewMandate(first, told(first)));
      assertThat(store.auditHead(TENANT)).isEqualTo(1);
    }
  }

  @Nested
  class Grants {
    private final Grant first = grant("g1", T0);

    private static Grant grant(String id, Instant createdAt) {
      RequirementId from = requirement("r1", 1, T0, null).id();
      Digest any = Digest.sha256(new byte[] {1});
      return new Grant(
          new GrantId(id),
          "ada",
          "ada",
          from,
          any,
          new RunId("r1"),
          new RunId("r1"),
          "session-r1",
          "bot",
          "pay",
          any,
          any,
          any,
          new GrantScope(
              GrantScope.Reach.AGENT, List.of(), LATER, new GrantScope.Arguments.Exact(), 3, null),
          "allows \"this\"",
          createdAt,
          1,
          0,
          List.of(),
          null,
          null,
          null);
    }

    private static AuditRecord told(Grant grant) {
      return AuditRecord.of(TENANT, T0, "grant")
          .with(Write.GRANT_ID, grant.id().value())
          .with(Write.GRANT_REVISION, Long.toString(grant.revision()));
    }

    private static Write.NextGrant next(Grant grant) {
      return new Write.NextGrant(grant, told(grant));
    }

    private List<String> ids(Store.GrantQuery query) {
      return store.grants(TENANT, query).stream().map(each -> each.id().value()).toList();
    }

    @Test
    void comeBackAsTheyWereWritten() {
      done(new Write.NewGrant(first, told(first)));

      assertThat(store.grant(TENANT, first.id())).contains(first);
      assertThat(store.grants(TENANT, new Store.GrantQuery(null, null, 9, null)))
          .containsExactly(new Store.StoredGrant(first.id(), "pay", first, null));
      assertThat(store.grant(TENANT, new GrantId("g2"))).isEmpty();
      assertThat(store.grant("other", first.id())).isEmpty();
      conflicts(new Write.NewGrant(first, told(first)));
    }

    @Test
    void changeFromOneRevisionToTheNext() {
      done(new Write.NewGrant(first, told(first)));
      Grant second = first.givenBack(new RunId("r1"), new ToolCallId("c1"));
      done(next(second));

      conflicts(next(second));
      Grant third = second.revoked("bea", T0);
      Grant fourth = third.revoked("bea", T0);
      conflicts(next(fourth));
      done(next(third), next(fourth));
      assertThat(store.grant(TENANT, first.id())).contains(fourth);
      conflicts(next(grant("g9", T0).revoked("bea", T0)));
    }

    @Test
    void theFirstOneIsFoundByWhoLookedForAnyBefore() {
      assertThat(ids(new Store.GrantQuery("pay", T0, 9, null))).isEmpty();
      assertThat(ids(new Store.GrantQuery(null, null, 9, null))).isEmpty();
      done(new Write.NewGrant(first, told(first)));

      assertThat(ids(new Store.GrantQuery("pay", T0, 9, null))).containsExactly("g1");
    }

    @Test
    void areListedNewestFirstByToolAndWhileTheyLast() {
      Grant second = grant("g2", LATER);
      Grant third = grant("g3", LATER);
      Grant revoked = third.revoked("bea", LATER);
      done(new Write.NewGrant(first, told(first)));
      done(new Write.NewGrant(second, told(second)));
      done(new Write.NewGrant(third, told(third)), next(revoked));

      assertThat(ids(new Store.GrantQuery(null, null, 9, null))).containsExactly("g3", "g2", "g1");
      assertThat(ids(new Store.GrantQuery("pay", T0, 9, null))).containsExactly("g2", "g1");
      assertThat(ids(new Store.GrantQuery("pay", LATER, 9, null))).isEmpty();
      assertThat(ids(new Store.GrantQuery("other", null, 9, null))).isEmpty();
      assertThat(ids(new Store.GrantQuery(null, null, 1, second.id()))).containsExactly("g1");
      assertThat(ids(new Store.GrantQuery(null, null, 2, null))).containsExactly("g3", "g2");
    }

    @Test
    void areNotWrittenWithoutTheirLineOfTheLog() {
      assertThatThrownBy(() -> new Write.NewGrant(first, told(grant("g2", T0))))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Write.NextGrant(first.revoked("bea", T0), told(first)))
          .isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Write.NewGrant(first, AuditRecord.of(TENANT, T0, "something")))
          .isInstanceOf(IllegalArgumentException.class);
      done(new Write.NewGrant(first, told(first)));
      assertThat(store.auditHead(TENANT)).isEqualTo(1);
    }
  }

  @Nested
  class Effects {
    private final Digest key = Digest.sha256(new byte[] {1});
    private final RunId run = new RunId("r1");
    private final ToolCallId call = new ToolCallId("c1");

    @Test
    void areHeldByOneCall() {
      done(new Write.ReserveEffect(key, run, call, 1, T0));

      assertThat(store.effect(TENANT, key))
          .contains(new Store.StoredEffect(key, run, call, 1, Write.EffectStatus.OPEN, T0));
      for (Write.EffectStatus status : Write.EffectStatus.values()) {
        done(new Write.SettleEffect(key, run, call, status, LATER));
        conflicts(new Write.ReserveEffect(key, new RunId("r2"), call, 1, T0));
        conflicts(new Write.ReserveEffect(key, run, call, 2, T0));
      }
    }

    @Test
    void areSettledAndReleasedByTheirCallOnly() {
      done(new Write.ReserveEffect(key, run, call, 1, T0));
      ToolCallId other = new ToolCallId("c2");

      conflicts(new Write.SettleEffect(key, run, other, Write.EffectStatus.COMMITTED, T0));
      conflicts(
          new Write.SettleEffect(key, new RunId("r2"), call, Write.EffectStatus.COMMITTED, T0));
      conflicts(new Write.ReleaseEffect(key, run, other));
      done(new Write.ReleaseEffect(key, run, call));
      conflicts(new Write.ReleaseEffect(key, run, call));
      assertThat(store.effect(TENANT, key)).isEmpty();
      done(
          new Write.ReserveEffect(key, run, other, 1, T0),
          new Write.ReleaseEffect(key, run, other),
          new Write.ReserveEffect(key, run, other, 2, LATER));
    }
  }

  @Nested
  class Timers {
    private final RequirementId one = new RequirementId("q1");
    private final RequirementId two = new RequirementId("q2");

    @Test
    void areDueInOrderAndReplaceEachOther() {
      done(
          new Write.StartTimer(one, "deadline", T0.plusSeconds(2)),
          new Write.StartTimer(one, "remind", T0.plusSeconds(1)),
          new Write.StartTimer(two, "deadline", LATER));
      done(new Write.StartTimer(one, "remind", T0.plusSeconds(3)));

      assertThat(store.timers(TENANT, T0.plusSeconds(3), 9))
          .containsExactly(
              new Store.StoredTimer(one, "deadline", T0.plusSeconds(2)),
              new Store.StoredTimer(one, "remind", T0.plusSeconds(3)));
      assertThat(store.timers(TENANT, LATER, 2)).hasSize(2);
    }

    @Test
    void areStoppedTogether() {
      done(
          new Write.StartTimer(one, "deadline", T0),
          new Write.StartTimer(one, "remind", T0),
          new Write.StartTimer(two, "remind", T0));

      done(new Write.StopTimers(one));
      done(new Write.StopTimers(one));

      assertThat(store.timers(TENANT, LATER, 9))
          .containsExactly(new Store.StoredTimer(two, "remind", T0));
    }
  }

  @Nested
  class Outbox {

    @Test
    void keepsWhatADestinationHasNotBeenTold() {
      done(new Write.Tell("mail", "run.ended", "r1", T0), new Write.Tell("slack", "x", "r1", T0));
      done(new Write.Tell("mail", "run.ended", "r2", LATER));

      List<Store.StoredNotice> notices = store.outbox(TENANT, "mail", 9);

      assertThat(notices).extracting(Store.StoredNotice::subject).containsExactly("r1", "r2");
      done(new Write.Told(notices.getFirst().id()));
      done(new Write.Told(notices.getFirst().id()));
      assertThat(store.outbox(TENANT, "mail", 9)).containsExactly(notices.getLast());
      assertThat(store.outbox(TENANT, "slack", 9)).hasSize(1);
    }
  }

  @Nested
  class Audit {

    @Test
    void isSealedInOrderWithACounterForEachRun() {
      done(audit("r1"), audit(null), audit("r2"), audit("r1"));
      conflicts(new Write.Ring(new RunId("none"), T0));
      assertThat(store.commit(TENANT, List.of(audit("r1"), new Write.Ring(new RunId("none"), T0))))
          .isNotEqualTo(new dev.assent.core.spi.Committed.Done());
      done(audit("r1"));

      List<SealedAuditRecord> sealed = store.audit(TENANT, 0, 99);

      assertThat(sealed)
          .extracting(record -> AuditRecord.read(record.recordBytes()).seq())
          .containsExactly(1L, 0L, 1L, 2L, 3L);
      assertThat(intactAudit()).isEqualTo(5);
      assertThat(store.auditHead(TENANT)).isEqualTo(5);
      assertThat(store.audit(TENANT, 3, 1))
          .extracting(SealedAuditRecord::position)
          .containsExactly(4L);
      assertThat(store.auditHead("other")).isZero();
    }

    @Test
    void keepsTheTimeThatWasHashed_X57() {
      done(audit("r1"));

      AuditRecord stored = AuditRecord.read(store.audit(TENANT, 0, 1).getFirst().recordBytes());

      assertThat(stored.at()).isEqualTo(T0);
    }

    @Test
    void isOfOneTenant() {
      assertThatThrownBy(() -> store.commit("other", List.of(audit("r1"))))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Nested
  class Accounts {
    private final Account ada =
        new Account("a1", "ada", "p1", Set.of("finance", "admin"), "{x}hash", true, false);

    @Test
    void areFoundByIdAndName() {
      Account bob = new Account("a0", "bob", "p2", Set.of(), "h", false, true);
      assertThat(accounts().create(TENANT, ada)).isTrue();
      assertThat(accounts().create(TENANT, bob)).isTrue();

      assertThat(accounts().account(TENANT, "a1")).contains(ada);
      assertThat(accounts().accountNamed(TENANT, "ada")).contains(ada);
      assertThat(accounts().accountNamed("other", "ada")).isEmpty();
      assertThat(accounts().accounts(TENANT)).containsExactly(bob, ada);
    }

    @Test
    void haveTheirIdAndNameAlone() {
      accounts().create(TENANT, ada);

      assertThat(accounts().create(TENANT, ada)).isFalse();
      assertThat(
              accounts().create(TENANT, new Account("a2", "ada", "p", Set.of(), "h", false, false)))
          .isFalse();
      assertThat(accounts().accounts(TENANT)).containsExactly(ada);
    }

    @Test
    void changeWhole() {
      accounts().create(TENANT, ada);
      accounts().create(TENANT, new Account("a2", "bob", "p", Set.of(), "h", false, false));
      Account locked = new Account("a1", "ada2", "p1", Set.of("audit"), "new", false, true);

      assertThat(accounts().update(TENANT, locked)).isTrue();

      assertThat(accounts().account(TENANT, "a1")).contains(locked);
      assertThat(
              accounts().update(TENANT, new Account("a1", "bob", "p", Set.of(), "h", false, false)))
          .isFalse();
      assertThat(
              accounts().update(TENANT, new Account("a9", "eve", "p", Set.of(), "h", false, false)))
          .isFalse();
    }

    @Test
    void stayLoggedInUntilTheSessionEnds() {
      LoginSession one = new LoginSession("hash-1", "a1", T0, LATER);
      LoginSession two = new LoginSession("hash-2", "a1", T0, LATER);
      LoginSession three = new LoginSession("hash-3", "a1", T0, LATER);
      accounts().open(TENANT, one);
      accounts().open(TENANT, two);
      accounts().open(TENANT, three);

      assertThat(accounts().session(TENANT, "hash-1", T0)).contains(one);
      assertThat(accounts().session(TENANT, "hash-1", LATER)).isEmpty();
      assertThat(accounts().session("other", "hash-1", T0)).isEmpty();
      accounts().end(TENANT, "a1", "hash-1");
      accounts().end(TENANT, "a2", "");
      assertThat(accounts().session(TENANT, "hash-1", T0)).isEmpty();
      assertThat(accounts().session(TENANT, "hash-2", T0)).contains(two);
      accounts().end(TENANT, "a1", "");
      assertThat(accounts().session(TENANT, "hash-2", T0)).isEmpty();
      assertThat(accounts().session(TENANT, "hash-3", T0)).isEmpty();
    }
  }
}
