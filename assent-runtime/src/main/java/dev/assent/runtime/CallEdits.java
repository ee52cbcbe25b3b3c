package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Decision;
import dev.assent.core.Digest;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Requirement;
import dev.assent.core.RunCommand;
import dev.assent.core.RunMachine;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolCallId;
import dev.assent.core.ToolSpec;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Takes over what people made of a call's arguments: an approver by an edit, whoever fills in its
 * fields by changing the rest. Belongs to the thread of one {@link RunLoop}.
 */
final class CallEdits {
  private final Work work;
  private final Engine engine;
  private final Draft draft;

  CallEdits(Work work) {
    this.work = work;
    this.engine = work.engine();
    this.draft = work.draft();
  }

  /** Binds the call to the edited arguments; whether enough people agree, the check finds out. */
  boolean take(ToolCall call, Requirement requirement) {
    Body arguments =
        engine
            .store()
            .body(engine.tenant(), requirement.arguments().id())
            .filter(body -> body.ref().equals(requirement.arguments()))
            .orElse(null);
    ToolBinding tool = work.agent().tool(call.tool()).orElse(null);
    if (arguments == null) {
      return false;
    }
    Set<Digest> fingerprints = new LinkedHashSet<>();
    fingerprints.add(call.mustBeBound().fingerprint());
    if (tool != null) {
      fingerprints.add(tool.spec().fingerprint());
    }
    for (Digest fingerprint : fingerprints) {
      if (subject(call, fingerprint, arguments)
          .digest(requirement.version())
          .equals(requirement.digest())) {
        draft.add(
            new RunCommand.Edited(
                call.id(),
                bound(call, tool, arguments, fingerprint, requirement.digest()),
                requirement.version(),
                Optional.ofNullable(requirement.editedBy()).orElse("nobody")));
        work.arguments(call.id(), arguments);
        return true;
      }
    }
    return false;
  }

  private ToolCall.Bound bound(
      ToolCall call,
      @Nullable ToolBinding tool,
      Body arguments,
      Digest fingerprint,
      Digest digest) {
    ToolCall.Bound before = call.mustBeBound();
    JsonObject parsed = (JsonObject) Json.parse(arguments.content());
    ToolSpec spec = tool == null ? null : tool.spec();
    // Bound to the tool as it is now, it does what the tool says now.
    ToolSpec today = spec != null && spec.fingerprint().equals(fingerprint) ? spec : null;
    return new ToolCall.Bound(
        fingerprint,
        arguments.ref(),
        digest,
        today == null ? before.effect() : today.effect(),
        today == null ? before.independent() : today.independent(),
        spec == null ? before.effectKey() : engine.judge().effectKey(spec, parsed),
        engine.judge().repeat(call.tool(), arguments.content()));
  }

  /**
   * Who fills in the fields may have changed what the model wrote: then the call is another one.
   */
  void filledIn(ToolCall asked, Decision decision) {
    ToolBinding tool = work.agent().tool(asked.tool()).orElse(null);
    BodyRef given = decision.value();
    if (tool == null || given == null) {
      return;
    }
    JsonObject answer =
        (JsonObject)
            Json.parse(engine.store().body(engine.tenant(), given.id()).orElseThrow().content());
    Body written =
        engine
            .store()
            .body(engine.tenant(), asked.mustBeBound().arguments().id())
            .filter(body -> body.ref().equals(asked.mustBeBound().arguments()))
            .orElse(null);
    JsonObject changed =
        written == null ? null : FilledIn.changed(written, answer, tool.spec()).orElse(null);
    if (changed == null) {
      return;
    }
    Body arguments = draft.body(CanonicalJson.of(changed));
    int version = Math.max(1, asked.version()) + 1;
    draft.add(
        new RunCommand.Edited(
            asked.id(), rebound(asked, tool, arguments, version), version, decision.principal()));
    work.arguments(asked.id(), arguments);
    judgeAgain(asked.id(), tool, arguments, answer, decision.principal());
  }

  private ToolCall.Bound rebound(ToolCall call, ToolBinding tool, Body arguments, int version) {
    Digest fingerprint = call.mustBeBound().fingerprint();
    return bound(
        call, tool, arguments, fingerprint, subject(call, fingerprint, arguments).digest(version));
  }

  private CallSubject subject(ToolCall call, Digest fingerprint, Body arguments) {
    return new CallSubject(
        draft.state().id(),
        draft.requester(),
        call.id(),
        call.tool(),
        fingerprint,
        arguments.content(),
        arguments.salt());
  }

  /** Votes on the call as it was are void; it is asked for at least as much as before. */
  private void judgeAgain(
      ToolCallId id, ToolBinding tool, Body arguments, JsonObject answer, String by) {
    JsonObject whole = (JsonObject) Json.parse(arguments.content());
    for (Map.Entry<String, Json> each : answer.members().entrySet()) {
      whole = whole.with(each.getKey(), each.getValue());
    }
    ToolCall call = draft.state().find(id).orElseThrow();
    Requirement earlier =
        engine
            .store()
            .requirement(engine.tenant(), RunMachine.approvalOf(draft.state(), id))
            .orElse(null);
    PolicyOutcome rules =
        engine.judge().rules(draft.state(), draft.requester(), work.agent(), tool.spec(), whole);
    ApprovalTerms terms = earlier == null ? null : earlier.terms();
    if (rules instanceof PolicyOutcome.Require require) {
      terms = terms == null ? require.terms() : Values.stricter(terms, require.terms());
    }
    if (terms == null) {
      return; // What the rules allow, the check lets go; what they deny, it denies.
    }
    String why = by + " changed the arguments while filling in the fields of the call: " + whole;
    draft.asking(id, new Draft.Ask(terms, earlier, false, draft.text(why), null));
    draft.add(
        new RunCommand.AskAgain(
            id, rebound(call, tool, arguments, call.version() + 1), terms.rule()));
  }
}
