package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BodyId;
import dev.assent.core.BodyRef;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Digest;
import dev.assent.core.Grant;
import dev.assent.core.GrantId;
import dev.assent.core.GrantedCall;
import dev.assent.core.Granting;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Principal;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RequirementStatus;
import dev.assent.core.Risk;
import dev.assent.core.RunId;
import dev.assent.core.RunMachine;
import dev.assent.core.RunState;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.WhyNot;
import dev.assent.core.spi.Committed;
import dev.assent.core.spi.Store;
import dev.assent.core.spi.StoreException;
import dev.assent.core.spi.Write;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the standing permissions that may serve a call. Thread-safe. */
final class Grants {
  private static final Logger LOG = LoggerFactory.getLogger(Grants.class);

  /** More live grants of one tool than anybody gives; those beyond are not looked at. */
  private static final int MOST = 1_000;

  private static final int MOST_CONFLICTS = 50;

  private static final BodyRef NOTHING =
      new BodyRef(new BodyId("nothing"), Digest.sha256(new byte[0]));

  private final Engine engine;

  Grants(Engine engine) {
    this.engine = engine;
  }

  /** The grant, when nobody else wrote its row and it was not erased. */
  Optional<Grant> genuine(GrantId id) {
    try {
      return engine.store().grant(engine.tenant(), id);
    } catch (StoreException e) {
      if (!e.code().startsWith("grant-")) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
      return Optional.empty();
    }
  }

  /** Why this principal cannot take a grant back; empty when they can. */
  Optional<String> whyNotRevoke(Grant grant, Principal by) {
    Principal today =
        engine
            .directory()
            .find(by.id())
            .filter(known -> known.kind() == Principal.Kind.PERSON)
            .orElse(null);
    if (by.kind() != Principal.Kind.PERSON || today == null) {
      return Optional.of("The account " + by.id() + " is no person that is known here, or locked.");
    }
    if (today.person().equals(grant.person())) {
      return Optional.empty();
    }
    Requirement approval = engine.store().requirement(engine.tenant(), grant.from()).orElse(null);
    return approval == null
        ? Optional.of("Only " + grant.by() + " can take it back: its approval is gone.")
        : engine.authority().whyNot(approval, today).map(WhyNot::inWords);
  }

  /**
   * Takes a grant back; false when it was taken back before.
   *
   * @throws RuntimeFailure when there is none of this id, or this principal may not
   * @throws StoreException when somebody else wrote its row, or it was erased
   */
  boolean revoke(GrantId id, Principal by) {
    for (int tries = 0; tries < MOST_CONFLICTS; tries++) {
      Grant grant =
          engine
              .store()
              .grant(engine.tenant(), id)
              .orElseThrow(() -> new RuntimeFailure("unknown-grant", "there is no grant " + id));
      whyNotRevoke(grant, by)
          .ifPresent(
              why -> {
                throw new RuntimeFailure("not-entitled", why);
              });
      if (grant.revokedBy() != null) {
        return false;
      }
      Instant now = engine.store().now();
      Grant after = grant.revoked(by.id(), now);
      Write write =
          new Write.NextGrant(
              after, AuditLines.ofGrant(engine.tenant(), after, "revoked", by.id(), now));
      if (engine.store().commit(engine.tenant(), List.of(write)) instanceof Committed.Done) {
        engine.changed(new Change(Change.Kind.GRANT, id.value()));
        return true;
      }
    }
    throw new RuntimeFailure(
        "too-many-conflicts", "grant " + id + " could not be written; try again");
  }

  /**
   * What a call that people would be asked about is held against; empty when there is no grant of
   * its tool, when an agent that this one works for may not make the call, and where people are
   * shown what each call would do.
   *
   * @param changed grants as this run's next transition leaves them
   * @param arguments all of them, with what a person filled in
   * @param own what the rules ask for the call now
   * @throws RuntimeException what a policy of an agent above threw: then nobody knows
   */
  Optional<Granting> granting(
      RunState run,
      String requester,
      ToolCall call,
      ToolBinding binding,
      JsonObject arguments,
      ApprovalTerms own,
      Map<GrantId, Grant> changed) {
    if (own.risk() == Risk.HIGH || call.requirement() != null || !binding.pins().none()) {
      return Optional.empty();
    }
    ToolSpec tool = binding.spec();
    List<Grant> stored =
        call.grant() == null ? live(tool.name()) : genuine(call.grant()).stream().toList();
    List<Grant> live =
        stored.stream().map(grant -> changed.getOrDefault(grant.id(), grant)).toList();
    if (live.isEmpty()) {
      return Optional.empty();
    }
    ApprovalTerms joined = withThoseAbove(run, requester, tool, arguments, own);
    RunState root = root(run);
    if (joined == null || root == null) {
      return Optional.empty();
    }
    byte[] canonical = CanonicalJson.of(arguments);
    GrantedCall granted =
        new GrantedCall(
            run.id(),
            run.root(),
            root.session(),
            run.agent(),
            call.id(),
            tool.name(),
            tool.fingerprint(),
            Grant.termsOf(own),
            arguments,
            exact(tool.name(), canonical));
    return Optional.of(
        new Granting(
            live, call.grant(), granted, asked(run, requester, call, tool, canonical, joined)));
  }

  private List<Grant> live(String tool) {
    return engine
        .store()
        .grants(engine.tenant(), new Store.GrantQuery(tool, engine.store().now(), MOST, null))
        .stream()
        .map(this::usable)
        .filter(Objects::nonNull)
        .toList();
  }

  private @Nullable Grant usable(Store.StoredGrant stored) {
    if (stored.grant() == null) {
      LOG.warn("Grant {} of {} is not used: {}", stored.id(), stored.tool(), stored.problem());
    }
    return stored.grant();
  }

  /**
   * What is asked when the agents that this run works for made the call themselves; absent when one
   * of them may not, or is not here. A sub-agent's authority is at most its parent's.
   */
  private @Nullable ApprovalTerms withThoseAbove(
      RunState run, String requester, ToolSpec tool, JsonObject arguments, ApprovalTerms own) {
    ApprovalTerms joined = own;
    RunState.Parent parent = run.parent();
    while (parent != null) {
      RunState above = genuineRun(parent.run());
      Agent agent = above == null ? null : engine.agents().get(above.agent());
      if (above == null || agent == null) {
        return null;
      }
      switch (engine.judge().rulesNow(above, requester, agent, tool, arguments)) {
        case PolicyOutcome.Deny deny -> {
          return null;
        }
        case PolicyOutcome.Require require -> {
          if (!require.terms().equals(joined)) {
            joined = joined.and(require.terms());
          }
        }
        case PolicyOutcome.Allow allow -> {}
        case PolicyOutcome.Audit audit -> {}
      }
      parent = above.parent();
    }
    return joined;
  }

  @Nullable RunState root(RunState run) {
    return run.root().equals(run.id()) ? run : genuineRun(run.root());
  }

  private @Nullable RunState genuineRun(RunId id) {
    try {
      return engine.store().run(engine.tenant(), id).map(Store.StoredRun::state).orElse(null);
    } catch (StoreException e) {
      if (!e.code().startsWith("run-")) {
        throw e;
      }
      LOG.warn("{}", e.getMessage());
      return null;
    }
  }

  /** Keyed: who reads the database cannot try arguments against it. */
  Digest exact(String tool, byte[] canonical) {
    byte[] name = (tool + "\n").getBytes(StandardCharsets.UTF_8);
    byte[] both = Arrays.copyOf(name, name.length + canonical.length);
    System.arraycopy(canonical, 0, both, name.length, canonical.length);
    return Digest.ofBytes(engine.store().keys().mac("assent-grant-exact", both));
  }

  /** The approval that people would be asked for. */
  private Requirement asked(
      RunState run,
      String requester,
      ToolCall call,
      ToolSpec tool,
      byte[] canonical,
      ApprovalTerms terms) {
    Digest digest =
        new CallSubject(
                run.id(),
                requester,
                call.id(),
                tool.name(),
                tool.fingerprint(),
                canonical,
                new byte[0])
            .digest(1);
    return new Requirement(
        RunMachine.approvalOf(run, call.id()),
        RequirementKind.APPROVAL,
        run.id(),
        run.root(),
        run.session(),
        run.agent(),
        call.id(),
        tool.name(),
        0,
        1,
        1,
        1,
        digest,
        terms,
        requester,
        NOTHING,
        null,
        engine.store().now(),
        null,
        RequirementStatus.PENDING,
        null,
        null);
  }
}
