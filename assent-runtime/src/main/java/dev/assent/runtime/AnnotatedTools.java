package dev.assent.runtime;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Audited;
import dev.assent.core.ExternalExecution;
import dev.assent.core.Involvement;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Param;
import dev.assent.core.PolicyOutcome;
import dev.assent.core.Reasons;
import dev.assent.core.RequiresApproval;
import dev.assent.core.ReviewedResult;
import dev.assent.core.Risk;
import dev.assent.core.SharedArgument;
import dev.assent.core.Threshold;
import dev.assent.core.Tool;
import dev.assent.core.ToolSpec;
import dev.assent.core.UserInput;
import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;

/** Turns the annotated methods of an object into tools. Stateless. */
final class AnnotatedTools {
  private static final JsonMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
          .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
          .build();

  private AnnotatedTools() {}

  static List<ToolBinding> of(Object holder) {
    List<Method> methods =
        Arrays.stream(holder.getClass().getDeclaredMethods())
            .filter(method -> method.isAnnotationPresent(Tool.class))
            .sorted(Comparator.comparing(Method::getName))
            .toList();
    if (methods.isEmpty()) {
      throw new IllegalArgumentException(
          holder.getClass().getName() + " has no method annotated with @Tool; annotate one");
    }
    return methods.stream().map(method -> bind(holder, method)).toList();
  }

  private static ToolBinding bind(Object holder, Method method) {
    Tool tool = method.getAnnotation(Tool.class);
    String name = tool.name().isEmpty() ? method.getName() : tool.name();
    method.setAccessible(true);
    List<Argument> arguments =
        Arrays.stream(method.getParameters()).map(p -> Argument.of(name, p)).toList();
    List<Argument> schemaArguments = arguments.stream().filter(Argument::proposed).toList();
    ToolSpec spec =
        new ToolSpec(
            ToolSpec.OWN_CODE,
            name,
            tool.version(),
            tool.value(),
            Schemas.ofParameters(schemaArguments),
            tool.effect(),
            tool.effectKey().isEmpty() ? null : tool.effectKey(),
            tool.independent(),
            duration(name, "timeLimit", tool.timeLimit()),
            rules(name, method),
            involvement(
                name,
                method,
                schemaArguments.stream().filter(each -> each.shared() == null).toList()),
            schemaArguments.stream().flatMap(each -> Stream.ofNullable(each.shared())).toList());
    return new ToolBinding(
        spec,
        new MethodBody(holder, method, arguments),
        null,
        List.of(),
        MethodPreview.of(holder, name, "preview", tool.preview(), schemaArguments),
        MethodPreview.of(holder, name, "precondition", tool.precondition(), schemaArguments));
  }

  private static List<PolicyOutcome> rules(String name, Method method) {
    List<PolicyOutcome> rules = new ArrayList<>();
    if (method.isAnnotationPresent(Audited.class)) {
      rules.add(new PolicyOutcome.Audit("@Audited on " + name));
    }
    RequiresApproval required = declared(method, RequiresApproval.class);
    if (required != null) {
      rules.add(
          new PolicyOutcome.Require(
              new ApprovalTerms(
                      "@RequiresApproval on " + name,
                      List.of(
                          new Threshold(required.approvals(), roles(required.role()), List.of())),
                      required.risk(),
                      required.message(),
                      required.summary().isEmpty() ? null : required.summary(),
                      optional(name, "expiresAfter", required.expiresAfter()),
                      optional(name, "useBy", required.useBy()),
                      required.onExpiry(),
                      optional(name, "remindAfter", required.remindAfter()),
                      optional(name, "undo", required.undo()),
                      null,
                      reasons(name, required))
                  .escalatingTo(rungs(name, required))));
    }
    return rules;
  }

  /** What the method says, or else its class. */
  private static <A extends Annotation> @Nullable A declared(Method method, Class<A> type) {
    A own = method.getAnnotation(type);
    return own != null ? own : method.getDeclaringClass().getAnnotation(type);
  }

  private static List<String> roles(String role) {
    return role.isEmpty() ? List.of() : List.of(role);
  }

  private static Involvement involvement(String name, Method method, List<Argument> arguments) {
    UserInput input = declared(method, UserInput.class);
    ExternalExecution outside = declared(method, ExternalExecution.class);
    ReviewedResult reviewed = declared(method, ReviewedResult.class);
    if (input == null && outside == null && reviewed == null) {
      return Involvement.NONE;
    }
    if (reviewed != null && (input != null || outside != null)) {
      throw new IllegalArgumentException(
          "tool '"
              + name
              + "': a reviewed result cannot be combined with fields of a person or"
              + " work outside; choose one");
    }
    List<String> fields = input == null ? List.of() : fields(name, input, arguments);
    ApprovalTerms terms =
        input != null
            ? terms(name, "@UserInput", input.message(), input.role(), input.expiresAfter())
            : outside != null
                ? terms(
                    name,
                    "@ExternalExecution",
                    outside.message(),
                    outside.role(),
                    outside.expiresAfter())
                : terms(
                    name,
                    "@ReviewedResult",
                    java.util.Objects.requireNonNull(reviewed).message(),
                    reviewed.role(),
                    reviewed.expiresAfter());
    try {
      return new Involvement(
          fields,
          outside != null,
          outside != null && outside.silent(),
          reviewed == null ? 0 : rounds(reviewed),
          terms);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tool '" + name + "': " + e.getMessage(), e);
    }
  }

  private static int rounds(ReviewedResult reviewed) {
    if (reviewed.rounds() < 1) {
      throw new IllegalArgumentException("a result is looked at in at least one round");
    }
    return reviewed.rounds();
  }

  private static List<String> fields(String name, UserInput input, List<Argument> arguments) {
    List<String> known = arguments.stream().map(Argument::name).toList();
    List<String> named = input.value().length == 0 ? known : List.of(input.value());
    for (String field : named) {
      if (!known.contains(field)) {
        throw new IllegalArgumentException(
            "tool '" + name + "': @UserInput names '" + field + "', its parameters are " + known);
      }
    }
    if (named.isEmpty()) {
      throw new IllegalArgumentException(
          "tool '" + name + "': @UserInput on a tool without parameters asks for nothing");
    }
    return named;
  }

  private static ApprovalTerms terms(
      String name, String what, String message, String role, String expiresAfter) {
    return new ApprovalTerms(
        what + " on " + name,
        List.of(new Threshold(1, roles(role), List.of())),
        Risk.LOW,
        message,
        null,
        optional(name, "expiresAfter", expiresAfter),
        null,
        ApprovalTerms.OnExpiry.REJECT);
  }

  private static List<Threshold> rungs(String tool, RequiresApproval required) {
    String[] after = required.escalateAfter();
    if (after.length != 0 && after.length != required.escalateTo().length) {
      throw new IllegalArgumentException(
          "tool '" + tool + "': escalateAfter has a time for each role of escalateTo, or none");
    }
    List<Threshold> rungs = new ArrayList<>();
    for (String role : required.escalateTo()) {
      Threshold group = Threshold.role(role);
      rungs.add(
          after.length == 0
              ? group
              : group.after(duration(tool, "escalateAfter", after[rungs.size()])));
    }
    return rungs;
  }

  private static @Nullable Reasons reasons(String tool, RequiresApproval required) {
    Reasons.Wanted approve = wanted(tool, required.approveReasons());
    Reasons.Wanted reject = wanted(tool, required.rejectReasons());
    return approve == null && reject == null ? null : new Reasons(approve, reject);
  }

  private static Reasons.@Nullable Wanted wanted(String tool, String[] written) {
    List<String> codes = List.of(written);
    boolean anyText = codes.equals(List.of(RequiresApproval.REQUIRED));
    try {
      return codes.isEmpty() ? null : new Reasons.Wanted(anyText ? List.of() : codes);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("tool '" + tool + "': " + e.getMessage(), e);
    }
  }

  private static @Nullable Duration optional(String tool, String field, String text) {
    return text.isEmpty() ? null : duration(tool, field, text);
  }

  private static Duration duration(String tool, String field, String text) {
    try {
      return Duration.parse(text);
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "tool '" + tool + "': " + field + " '" + text + "' is no ISO-8601 duration such as PT30S",
          e);
    }
  }

  /** A JSON value as what a parameter takes. */
  static @Nullable Object read(Json value, Parameter parameter) {
    return MAPPER.readValue(
        value.toString(), MAPPER.constructType(parameter.getParameterizedType()));
  }

  /** What the model is told of what a method returned. */
  static String told(@Nullable Object result) {
    if (result == null) {
      return "done";
    }
    return result instanceof String text ? text : MAPPER.writeValueAsString(result);
  }

  /**
   * One parameter of a tool's method.
   *
   * @param secret hidden in what people are shown
   * @param shared where its value comes from when that is a variable; absent otherwise
   * @param injected what it gets that is no argument; absent for an argument
   */
  record Argument(
      String name,
      Parameter parameter,
      String description,
      boolean required,
      boolean secret,
      @Nullable SharedArgument shared,
      @Nullable Injected injected) {

    static Argument of(String tool, Parameter parameter) {
      Injected injected;
      try {
        injected = Injected.of(parameter).orElse(null);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException("tool '" + tool + "': " + e.getMessage(), e);
      }
      Param said = parameter.getAnnotation(Param.class);
      boolean proposed = injected == null || injected instanceof Injected.Shared;
      if (proposed && !parameter.isNamePresent() && (said == null || said.name().isEmpty())) {
        throw new IllegalArgumentException(
            "tool '"
                + tool
                + "': its parameters have no names; compile with -parameters or name them by @Param");
      }
      String name = said == null || said.name().isEmpty() ? parameter.getName() : said.name();
      return injected instanceof Injected.Shared variable
          ? new Argument(
              name,
              parameter,
              said == null ? "" : said.value(),
              variable.required() || variable.otherwise() != null,
              said != null && said.secret(),
              new SharedArgument(name, variable.name(), variable.otherwise()),
              null)
          : new Argument(
              name,
              parameter,
              said == null ? "" : said.value(),
              said == null || said.required(),
              said != null && said.secret(),
              null,
              injected);
    }

    /** True when it is part of what is proposed and approved. */
    boolean proposed() {
      return injected == null;
    }

    @Nullable Object value(ToolContext context, JsonObject given) {
      if (injected != null) {
        return injected.in(context);
      }
      Json value = given.find(name).orElse(null);
      try {
        return value == null ? null : read(value, parameter);
      } catch (JacksonException e) {
        throw new NotExecutedException(
            "the argument " + name + " is no " + parameter.getType().getSimpleName(), e);
      }
    }
  }
}
