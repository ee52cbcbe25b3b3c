package dev.assent.policy;

import com.google.re2j.PatternSyntaxException;
import dev.cel.common.CelAbstractSyntaxTree;
import dev.cel.common.CelIssue;
import dev.cel.common.CelValidationException;
import dev.cel.common.CelValidationResult;
import dev.cel.common.ast.CelConstant;
import dev.cel.common.ast.CelExpr;
import dev.cel.common.navigation.CelNavigableAst;
import dev.cel.common.navigation.CelNavigableExpr;
import dev.cel.runtime.CelEvaluationException;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.snakeyaml.engine.v2.common.ScalarStyle;

/** Compiles and type-checks conditions, and says where in the file one is wrong. */
final class ConditionCompiler {
  private static final Pattern NUMBER = Pattern.compile("[0-9.]+(?:[eE][+-]?[0-9]+)?");

  private static final Map<String, String> HINTS =
      Map.of(
          "'_/_'", "division rounds and is left out: multiply the other side instead",
          "'double'", "rounding is left out: compare the number as it is",
          "'budget'", "budgets do not exist yet",
          "'tool'", "a tool has tool.name, tool.owner, tool.version and tool.effect",
          "'agent'", "an agent has agent.name",
          "'session'", "a session has session.id",
          "'requester'", "a requester has requester.id, requester.roles and requester.service");

  private final Problems problems;

  ConditionCompiler(Problems problems) {
    this.problems = problems;
  }

  Condition always() {
    try {
      return new Condition(
          Condition.ALWAYS,
          Dialect.RUNTIME.createProgram(Dialect.COMPILER.compile(Condition.ALWAYS).getAst()));
    } catch (CelValidationException | CelEvaluationException e) {
      throw new IllegalStateException(e);
    }
  }

  Condition compile(Section.Text when) {
    String source = when.value().stripTrailing();
    if (source.isBlank()) {
      problems.add(when.line(), "'when' is empty; leave it out for every call");
      return always();
    }
    if (source.length() > Dialect.LONGEST) {
      problems.add(
          when.line(),
          "the condition has "
              + source.length()
              + " letters, at most "
              + Dialect.LONGEST
              + " are read; make several rules of it");
      return always();
    }
    CelValidationResult result = Dialect.COMPILER.compile(source);
    for (CelIssue issue : result.getErrors()) {
      problems.add(line(when, issue.getSourceLocation().getLine()), message(issue, source));
    }
    if (result.hasError()) {
      return always();
    }
    try {
      CelAbstractSyntaxTree ast = result.getAst();
      constants(ast, when);
      return new Condition(source, Dialect.RUNTIME.createProgram(ast));
    } catch (CelValidationException | CelEvaluationException e) {
      problems.add(when.line(), "the condition cannot be used: " + e.getMessage());
      return always();
    }
  }

  private static int line(Section.Text when, int inside) {
    ScalarStyle style = when.node().getScalarStyle();
    boolean block = style == ScalarStyle.LITERAL || style == ScalarStyle.FOLDED;
    return when.line() + Math.max(0, inside - 1) + (block ? 1 : 0);
  }

  private static String message(CelIssue issue, String source) {
    String text = issue.getMessage().replace(" (in container '')", "");
    String hint =
        HINTS.entrySet().stream()
            .filter(each -> text.contains("undeclared reference to " + each.getKey()))
            .map(each -> "; " + each.getValue())
            .findFirst()
            .orElse("");
    return "the condition is wrong at letter "
        + (issue.getSourceLocation().getColumn() + 1)
        + " of `"
        + source.strip()
        + "`: "
        + text
        + hint;
  }

  /** What the checker does not look at: numbers that are not what they look like, patterns. */
  private void constants(CelAbstractSyntaxTree ast, Section.Text when) {
    List<CelNavigableExpr> all = CelNavigableAst.fromAst(ast).getRoot().allNodes().toList();
    for (CelNavigableExpr node : all) {
      CelExpr expr = node.expr();
      switch (expr.exprKind().getKind()) {
        case CONSTANT -> number(expr, place(ast, expr), when);
        case CALL -> pattern(expr.call(), place(ast, expr), when);
        default -> {}
      }
    }
  }

  private static int place(CelAbstractSyntaxTree ast, CelExpr expr) {
    return ast.getSource().getPositionsMap().getOrDefault(expr.id(), 0);
  }

  private static int lineAt(Section.Text when, int place) {
    String before = when.value().substring(0, when.value().offsetByCodePoints(0, place));
    return line(when, 1 + (int) before.chars().filter(letter -> letter == '\n').count());
  }

  private void number(CelExpr expr, int place, Section.Text when) {
    if (expr.constant().getKind() != CelConstant.Kind.DOUBLE_VALUE) {
      return;
    }
    double value = expr.constant().doubleValue();
    int from = when.value().offsetByCodePoints(0, place);
    Matcher written = NUMBER.matcher(when.value()).region(from, when.value().length());
    boolean same =
        Double.isFinite(value)
            && (!written.lookingAt()
                || new BigDecimal(written.group()).compareTo(new BigDecimal(Double.toString(value)))
                    == 0);
    if (!same || !Numbers.exact(value)) {
      problems.add(
          lineAt(when, place),
          "the number "
              + value
              + " cannot be kept exactly; write it with fewer digits, or as a whole number");
    }
  }

  private void pattern(CelExpr.CelCall call, int place, Section.Text when) {
    if (!call.function().equals("matches") || call.args().isEmpty()) {
      return;
    }
    CelExpr last = call.args().getLast();
    if (last.exprKind().getKind() == CelExpr.ExprKind.Kind.CONSTANT
        && last.constant().getKind() == CelConstant.Kind.STRING_VALUE) {
      try {
        Texts.matches("", last.constant().stringValue());
      } catch (PatternSyntaxException | IllegalArgumentException e) {
        problems.add(
            lineAt(when, place), "the pattern is wrong: " + e.getMessage() + "; see RE2's syntax");
      }
    }
  }
}
