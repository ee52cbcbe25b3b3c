package dev.assent.runtime;

import dev.assent.core.AssentException;
import dev.assent.core.Body;
import dev.assent.core.BodyRef;
import dev.assent.core.CallSubject;
import dev.assent.core.CanonicalJson;
import dev.assent.core.Decision;
import dev.assent.core.ExecutionCheck;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Requirement;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.RunState;
import dev.assent.core.SignedDecision;
import dev.assent.core.ToolCall;
import dev.assent.core.ToolSpec;
import dev.assent.core.spi.StoreException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Looks, before a call goes on, whether what people answered it and what its steps did is still
 * what was asked and kept: each answer belongs to the very question that was shown to whoever
 * signed it. The snapshot and the requirement's row alone prove nothing. Thread-safe.
 */
final class StoredAnswers {
  private final Engine engine;

  StoredAnswers(Engine engine) {
    this.engine = engine;
  }

  /**
   * What is wrong with them; null when nothing is.
   *
   * @param subject the call with a fingerprint, as it was judged
   * @param decisions on what the call asked
   */
  ExecutionCheck.Result.@Nullable Halt problem(
      RunState run,
      ToolCall call,
      @Nullable ToolSpec tool,
      CallSubject subject,
      List<SignedDecision> decisions) {
    try {
      for (ToolCall.Step step : call.steps()) {
        if (step.result() != null && body(step.result()) == null) {
          return halt("step-gone", "what step " + step.name() + " did is gone");
        }
      }
      return asked(run, call, tool, subject, decisions);
    } catch (StoreException e) {
      throw e;
    } catch (AssentException e) {
      return halt("answer-tampered", "what was answered cannot be read: " + e.getMessage());
    }
  }

  private ExecutionCheck.Result.@Nullable Halt asked(
      RunState run,
      ToolCall call,
      @Nullable ToolSpec tool,
      CallSubject subject,
      List<SignedDecision> decisions) {
    List<Integer> versions = IntStream.rangeClosed(1, Math.max(1, call.version())).boxed().toList();
    Map<RequirementKind, Integer> rounds = new EnumMap<>(RequirementKind.class);
    Map<String, Integer> occurrences = new HashMap<>();
    for (ToolCall.Asked asked : call.asked()) {
      int round = rounds.merge(asked.kind(), 1, Integer::sum);
      RequirementId id = RequirementId.of(run.id(), call.id(), asked.kind(), round);
      if (!asked.requirement().equals(id)) {
        return halt("answer-tampered", asked.requirement() + " stands where " + id + " was asked");
      }
      if (asked.value() != null && body(asked.value()) == null) {
        return halt("answer-gone", "the answer to " + id + " is gone");
      }
      if (asked.kind() == RequirementKind.USER_INPUT
          && !asked.open()
          && !shown(asked, tool, subject, versions, decisions, occurrences)) {
        return halt("answer-tampered", "the answer to " + id + " was given to another question");
      }
    }
    return null;
  }

  /** True when a decision was signed over this form, and the form is what the call asked. */
  private boolean shown(
      ToolCall.Asked asked,
      @Nullable ToolSpec tool,
      CallSubject subject,
      List<Integer> versions,
      List<SignedDecision> decisions,
      Map<String, Integer> occurrences) {
    Requirement requirement =
        engine.store().requirement(engine.tenant(), asked.requirement()).orElse(null);
    Form form = requirement == null ? null : engine.forms().of(requirement).orElse(null);
    if (requirement == null || form == null) {
      return false;
    }
    List<CallSubject> about = new ArrayList<>(List.of(subject));
    if (asked.question() == null) {
      before(asked, requirement, subject, tool).ifPresent(about::add);
    }
    boolean signed =
        decisions.stream()
            .map(SignedDecision::decision)
            .filter(decision -> decision.requirement().equals(asked.requirement()))
            .map(Decision::digest)
            .anyMatch(
                digest ->
                    about.stream()
                        .flatMap(each -> versions.stream().map(each::digest))
                        .map(of -> Requirement.asked(requirement.id(), of, requirement.content()))
                        .anyMatch(digest::equals));
    if (!signed) {
      return false;
    }
    if (asked.question() == null) {
      return tool == null || ofTheCall(form, tool);
    }
    String text = new String(form.question(), java.nio.charset.StandardCharsets.UTF_8);
    int occurrence = occurrences.merge(text, 1, Integer::sum);
    byte[] marked = ToolContext.occurrence(form, occurrence);
    return ToolExecutor.mark(engine, marked).equals(asked.question());
  }

  /**
   * The call as it was when its form was filled in, if filling it in made of it what it is now: the
   * answer that was signed must be the whole difference.
   */
  private Optional<CallSubject> before(
      ToolCall.Asked asked, Requirement requirement, CallSubject now, @Nullable ToolSpec tool) {
    Body then = body(requirement.arguments());
    Body answer = asked.value() == null ? null : body(asked.value());
    if (then == null || answer == null || tool == null) {
      return Optional.empty();
    }
    return FilledIn.changed(then, (JsonObject) Json.parse(answer.content()), tool)
        .filter(after -> Arrays.equals(CanonicalJson.of(after), now.arguments()))
        .map(
            after ->
                new CallSubject(
                    now.run(),
                    now.requester(),
                    now.call(),
                    now.tool(),
                    now.fingerprint(),
                    then.content(),
                    then.salt()));
  }

  /** The person's fields first, then perhaps what the model filled in. */
  private static boolean ofTheCall(Form form, ToolSpec tool) {
    List<String> names = form.fields().stream().map(FormField::name).toList();
    List<String> fields = tool.involvement().fields();
    return names.size() >= fields.size()
        && names.subList(0, fields.size()).equals(fields)
        && tool.modelSchema() instanceof JsonObject schema
        && names.stream()
            .skip(fields.size())
            .allMatch(name -> schema.object("properties").has(name));
  }

  private @Nullable Body body(BodyRef ref) {
    return engine
        .store()
        .body(engine.tenant(), ref.id())
        .filter(body -> body.ref().equals(ref))
        .orElse(null);
  }

  private static ExecutionCheck.Result.Halt halt(String code, String why) {
    return new ExecutionCheck.Result.Halt(code, why);
  }
}
