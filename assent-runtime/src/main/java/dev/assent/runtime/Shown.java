package dev.assent.runtime;

import dev.assent.core.Body;
import dev.assent.core.CallSubject;
import dev.assent.core.Digest;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunMachine;
import dev.assent.core.ToolCall;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Shown is signed: compares the digest in a requirement's row with what the row shows. Somebody who
 * writes to the database could otherwise show one call, or one question, and have another signed.
 * Thread-safe.
 */
final class Shown {
  private final Engine engine;

  Shown(Engine engine) {
    this.engine = engine;
  }

  /**
   * The requirement itself when its digest is that of what it shows. Otherwise under a digest that
   * no decision can be recorded with: it is seen, and nobody can agree to it.
   */
  Requirement honest(Requirement requirement, @Nullable ToolCall call) {
    if (!requirement.open() || matches(requirement, call)) {
      return requirement;
    }
    return requirement.notAsWritten();
  }

  private boolean matches(Requirement requirement, @Nullable ToolCall call) {
    if (requirement.call().equals(RunMachine.OUTPUT)) {
      return requirement.arguments().equals(requirement.content())
          && requirement
              .digest()
              .equals(
                  Requirement.asked(
                      requirement.id(),
                      requirement.arguments().commitment(),
                      requirement.content()));
    }
    Body arguments =
        engine
            .store()
            .body(engine.tenant(), requirement.arguments().id())
            .filter(body -> body.ref().equals(requirement.arguments()))
            .orElse(null);
    if (arguments == null || call == null || call.bound() == null) {
      return false;
    }
    return fingerprints(requirement, call.bound())
        .map(fingerprint -> subject(requirement, fingerprint, arguments))
        .flatMap(subject -> signed(requirement, call, subject))
        .anyMatch(requirement.digest()::equals);
  }

  private static CallSubject subject(Requirement requirement, Digest fingerprint, Body arguments) {
    return new CallSubject(
        requirement.run(),
        requirement.requester(),
        requirement.call(),
        requirement.tool(),
        fingerprint,
        arguments.content(),
        arguments.salt());
  }

  private static Stream<Digest> signed(
      Requirement requirement, ToolCall call, CallSubject subject) {
    if (requirement.kind() == RequirementKind.APPROVAL) {
      return Stream.of(subject.digest(requirement.version()));
    }
    return IntStream.rangeClosed(1, Math.max(1, call.version()))
        .mapToObj(subject::digest)
        .map(
            of ->
                requirement.kind() == RequirementKind.RECONCILIATION
                    ? Draft.attemptDigest(of, requirement.attempt())
                    : Requirement.asked(requirement.id(), of, requirement.content()));
  }

  /** The tool as the call is bound to it, and as an edit may have bound it since. */
  private Stream<Digest> fingerprints(Requirement requirement, ToolCall.Bound bound) {
    Set<Digest> all = new LinkedHashSet<>();
    all.add(bound.fingerprint());
    Agent agent = engine.agents().get(requirement.agent());
    if (agent != null) {
      agent.tool(requirement.tool()).ifPresent(tool -> all.add(tool.spec().fingerprint()));
    }
    return all.stream();
  }
}
