package dev.assent.web;

import dev.assent.core.CallStatus;
import dev.assent.core.RequirementId;
import dev.assent.core.RunId;
import dev.assent.core.ToolCall;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A tool call as a person sees it. Immutable.
 *
 * @param requirement the approval that it needs or had
 * @param child the run that carries it out; absent unless the tool is an agent
 * @param grant the standing permission that it runs on; absent unless it does
 */
record CallView(
    String toolCallId,
    String tool,
    CallStatus status,
    int attempt,
    @Nullable String requirement,
    @Nullable String child,
    @Nullable String grant,
    @Nullable String digest,
    @Nullable ArgumentsView arguments,
    @Nullable List<Shown.Piece> result,
    @Nullable List<Shown.Piece> error) {

  static CallView of(ToolCall call, @Nullable String arguments, @Nullable String told) {
    RequirementId requirement = call.requirement();
    RunId child = call.child();
    ToolCall.Bound bound = call.bound();
    boolean good = call.status() == CallStatus.SUCCEEDED;
    return new CallView(
        call.id().value(),
        Shown.name(call.tool()),
        call.status(),
        call.attempts(),
        requirement == null ? null : requirement.value(),
        child == null ? null : child.value(),
        call.grant() == null ? null : call.grant().value(),
        bound == null ? null : bound.digest().hex(),
        arguments == null ? null : ArgumentsView.of(arguments),
        good ? Shown.ofNullable(told) : null,
        good ? null : Shown.ofNullable(told));
  }
}
