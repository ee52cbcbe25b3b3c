package dev.assent.policy;

import dev.assent.core.ApprovalTerms;
import dev.assent.core.Threshold;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads who decides instead when nobody has: {@code [role head, {to: role cfo, after: 6h}]}. */
final class EscalationReader {
  private static final String KEY = "escalation";

  private final Problems problems;

  EscalationReader(Problems problems) {
    this.problems = problems;
  }

  /** The terms with the rungs that stand in the section. */
  ApprovalTerms read(Section section, ApprovalTerms terms) {
    int before = problems.count();
    List<Threshold> rungs = new ArrayList<>();
    for (Node item : section.items(KEY)) {
      rungs.addAll(rung(item, section));
    }
    if (rungs.isEmpty() || problems.count() > before) {
      return terms;
    }
    try {
      return terms.escalatingTo(rungs);
    } catch (IllegalArgumentException e) {
      section.problem(KEY, "'escalation': " + e.getMessage());
      return terms;
    }
  }

  private List<Threshold> rung(Node item, Section outer) {
    if (item instanceof MappingNode mapping) {
      Section section = new Section(mapping, problems, "a rung of 'escalation'");
      if (section.has("to")) {
        return timed(section);
      }
      if (section.mentions("after")) {
        section.problem("after", "a rung names 'to' whom: '{to: role cfo, after: 6h}'");
        return List.of();
      }
    }
    return plain(new ApproversReader(problems).group(item, KEY), item);
  }

  private List<Threshold> timed(Section section) {
    List<Threshold> groups = new ArrayList<>();
    for (Node each : section.items("to")) {
      groups.addAll(plain(new ApproversReader(problems).group(each, "to"), each));
    }
    Section.Text written = section.text("after");
    section.done();
    Duration after = written == null ? null : Durations.parse(written.value());
    if (written != null && after == null) {
      section.problem(
          "after", "'after' is a time such as 30m, 8h, 2d or PT8H, not '" + written.value() + "'");
      return List.of();
    }
    if (groups.size() > 1) {
      section.problem(
          "to", "a rung is one group: name its roles and people in one line, with 'or'");
    }
    return after == null ? groups : groups.stream().map(each -> each.after(after)).toList();
  }

  private List<Threshold> plain(@Nullable Threshold group, Node item) {
    if (group != null && !group.or().isEmpty()) {
      problems.add(
          YamlFile.line(item), "a rung of 'escalation' is one group, without 'any-of'; add a rung");
      return List.of();
    }
    return group == null ? List.of() : List.of(group);
  }
}
