package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.BusinessHours;
import dev.assent.core.Digest;
import dev.assent.core.Risk;
import dev.assent.core.Threshold;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** From the text of a file to compiled rules; reports everything that is wrong. */
final class PolicyReader {
  /** The form of the file that this program reads. */
  static final String FORMAT = "policy/1";

  private static final Pattern ID = Pattern.compile("[a-z0-9][a-z0-9._-]{0,63}");
  private static final Pattern SCOPE = Pattern.compile("[!-~]{1,96}");

  private final Problems problems;
  private final ConditionCompiler conditions;
  private final ConsequenceReader consequences;
  private final Set<String> ids = new HashSet<>();

  private PolicyReader(
      Problems problems, List<Threshold> defaultApprovers, @Nullable BusinessHours hours) {
    this.problems = problems;
    this.conditions = new ConditionCompiler(problems);
    this.consequences = new ConsequenceReader(problems, defaultApprovers, hours);
  }

  /**
   * @throws PolicyException with everything that is wrong
   */
  static RulePolicy.Compiled read(String file, String text) {
    Problems problems = new Problems(file);
    Section root = YamlFile.read(text, problems);
    List<Threshold> approvers = defaultApprovers(root, problems);
    PolicyReader reader = new PolicyReader(problems, approvers, HoursReader.read(root));
    RulePolicy.Compiled compiled = reader.compiled(root, text, approvers);
    root.done();
    problems.check();
    return compiled;
  }

  /** Terms without times, whose rule is not yet named. */
  static ApprovalTerms terms(List<Threshold> approvers, Risk risk, String message) {
    return new ApprovalTerms(
        "", approvers, risk, message, null, null, null, ApprovalTerms.OnExpiry.REJECT);
  }

  private static List<Threshold> defaultApprovers(Section root, Problems problems) {
    if (!root.has("default-approvers")) {
      problems.add(
          1,
          "nobody is named under 'default-approvers': who is asked when a rule cannot be"
              + " evaluated? For example 'default-approvers: 1 of role approver'");
      return List.of(Threshold.anyone());
    }
    List<Threshold> named = new ApproversReader(problems).read(root, "default-approvers");
    return named.isEmpty() ? List.of(Threshold.anyone()) : named;
  }

  private RulePolicy.Compiled compiled(Section root, String text, List<Threshold> approvers) {
    Section.Text format = root.required("assent", FORMAT);
    if (!format.value().isEmpty() && !format.value().equals(FORMAT)) {
      root.problem(
          "assent", "this program reads 'assent: " + FORMAT + "'; update the program, or the file");
    }
    String name = root.required("name", "payments").value();
    if (!name.isEmpty() && !ID.matcher(name).matches()) {
      root.problem("name", "a name has small letters, digits and . _ - only, at most 64");
    }
    int version = version(root);
    Consequence otherwise = otherwise(root);
    List<Rule.Classing> classings = new ArrayList<>();
    for (Section each : root.sections("risk", "a rule of risk")) {
      classings.add(classing(each));
    }
    List<Rule.Ruling> rulings = new ArrayList<>();
    for (Section each : root.sections("rules", "a rule")) {
      rulings.add(ruling(each));
    }
    return new RulePolicy.Compiled(
        name,
        version,
        Digest.over("assent-policy", text.getBytes(StandardCharsets.UTF_8)),
        approvers,
        new ApproversReader(problems).read(root, "change-approvers"),
        otherwise,
        List.copyOf(classings),
        List.copyOf(rulings));
  }

  private static int version(Section root) {
    String written = root.required("version", "1").value();
    if (!written.isEmpty() && !written.matches("[1-9][0-9]{0,8}")) {
      root.problem("version", "a version is a whole number from 1 on; raise it with each change");
    }
    return written.matches("[1-9][0-9]{0,8}") ? Integer.parseInt(written) : 0;
  }

  private Consequence otherwise(Section root) {
    if (!root.has("otherwise")) {
      root.problem(
          "otherwise",
          "say under 'otherwise' what happens to a call that no rule fits: allow, audit, ask, or"
              + " {deny: why}");
      return new Consequence.Allow();
    }
    return consequences.read(root, "otherwise");
  }

  private Rule.Classing classing(Section rule) {
    String id = id(rule);
    Rule.Classing classing =
        new Rule.Classing(id, rule.line(), scope(rule), condition(rule), risk(rule));
    rule.string("description");
    rule.done();
    problems.in(null);
    return classing;
  }

  private static Risk risk(Section rule) {
    Risk risk = risk(rule, "class", rule.required("class", "high").value());
    return risk == null ? Risk.HIGH : risk;
  }

  static @Nullable Risk risk(Section section, String key, String written) {
    for (Risk risk : Risk.values()) {
      if (risk.name().toLowerCase(Locale.ROOT).equals(written)) {
        return risk;
      }
    }
    if (!written.isEmpty()) {
      section.problem(key, "'" + key + "' is low, medium or high, not '" + written + "'");
    }
    return null;
  }

  private Rule.Ruling ruling(Section rule) {
    String id = id(rule);
    Scope scope = scope(rule);
    Condition condition = condition(rule);
    Consequence then = new Consequence.Allow();
    if (rule.has("then")) {
      then = consequences.read(rule, "then");
    } else {
      rule.problem(
          "then", "say under 'then' what happens: allow, audit, ask, {deny: why} or {require: …}");
    }
    rule.string("description");
    rule.done();
    problems.in(null);
    return new Rule.Ruling(id, rule.line(), scope, condition, then);
  }

  private String id(Section rule) {
    Section.Text written = rule.required("id", "large-payment");
    String id = written.value();
    if (!id.isEmpty()) {
      if (!ID.matcher(id).matches()) {
        rule.problem("id", "an id has small letters, digits and . _ - only, at most 64: " + id);
      } else if (id.equals("otherwise") || !ids.add(id)) {
        rule.problem("id", "the id '" + id + "' is taken; choose another");
      }
      problems.in(id);
    }
    return id;
  }

  private Scope scope(Section rule) {
    return new Scope(globs(rule, "tools"), globs(rule, "agents"));
  }

  private List<Glob> globs(Section rule, String key) {
    List<Glob> globs = new ArrayList<>();
    for (Section.Text text : rule.texts(key)) {
      if (SCOPE.matcher(text.value()).matches()) {
        globs.add(Glob.of(text.value()));
      } else {
        problems.add(text.line(), "a name under '" + key + "' has 1 to 96 letters and no blank");
      }
    }
    return globs;
  }

  private Condition condition(Section rule) {
    Section.Text when = rule.text("when");
    return when == null ? conditions.always() : conditions.compile(when);
  }
}
