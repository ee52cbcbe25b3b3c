package dev.assent.policy;

import dev.assent.core.Threshold;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;

/** Reads who approves: {@code 2 of role finance or person mia}, or the same as a mapping. */
final class ApproversReader {
  private static final Pattern COUNTED = Pattern.compile("([0-9]{1,4})\\s+of\\s+(.+)");
  private static final Pattern WHO = Pattern.compile("(role|person)\\s+([!-~]{1,96})");
  private static final Pattern CONDITION =
      Pattern.compile("\\s+(with|without)\\s+role\\s+([!-~]{1,96})");
  private static final Pattern CONDITIONED =
      Pattern.compile("(.+?)((?:" + CONDITION.pattern() + ")+)");
  private static final String NUMBER = "[1-9][0-9]{0,3}";
  private static final String ANY_OF = "any-of";
  private static final String EXAMPLE = "for example '2 of role finance or person mia'";

  private final Problems problems;

  ApproversReader(Problems problems) {
    this.problems = problems;
  }

  /** All of them must be met. */
  List<Threshold> read(Section section, String key) {
    List<Threshold> all = new ArrayList<>();
    for (Node item : section.items(key)) {
      Threshold one = one(item, key);
      if (one != null) {
        all.add(one);
      }
    }
    return all;
  }

  /** One group, or several of which one must be met; absent when it could not be read. */
  @Nullable Threshold group(Node item, String key) {
    return one(item, key);
  }

  private @Nullable Threshold one(Node item, String key) {
    if (!(item instanceof MappingNode mapping)) {
      return met(worded(item, key), YamlFile.line(item));
    }
    Section section = new Section(mapping, problems, "'" + key + "'");
    return section.has(ANY_OF) ? anyOf(section) : met(mapped(section), YamlFile.line(item));
  }

  /** One of them must be met. */
  private @Nullable Threshold anyOf(Section section) {
    List<Threshold> groups = read(section, ANY_OF);
    if (groups.size() == 1) {
      section.problem(ANY_OF, "one group alone is no choice; name another, or leave 'any-of' out");
    }
    section.done();
    return groups.isEmpty() ? null : Threshold.anyOf(groups);
  }

  private @Nullable Threshold met(@Nullable Threshold one, int line) {
    if (one != null
        && one.roles().isEmpty()
        && !one.people().isEmpty()
        && one.people().size() < one.approvals()) {
      problems.add(
          line,
          one.approvals()
              + " people are needed, but only "
              + one.people().size()
              + " named; name more, or ask for fewer");
    }
    return one;
  }

  private @Nullable Threshold worded(Node item, String key) {
    Section.Text text = Section.textOf(item);
    int line = YamlFile.line(item);
    if (text == null || text.value().isBlank()) {
      problems.add(line, "'" + key + "' says who approves, " + EXAMPLE);
      return null;
    }
    Matcher counted = COUNTED.matcher(text.value().strip());
    boolean found = counted.matches();
    int approvals = found ? Integer.parseInt(counted.group(1)) : 1;
    String who = found ? counted.group(2) : text.value().strip();
    if (approvals < 1) {
      problems.add(line, "at least 1 approval is needed; to let a call pass, say 'then: allow'");
      return null;
    }
    Matcher conditioned = CONDITIONED.matcher(who);
    boolean condition = conditioned.matches();
    String group = condition ? conditioned.group(1) : who;
    Threshold plain =
        group.equals("anyone")
            ? new Threshold(approvals, List.of(), List.of())
            : named(approvals, group, line);
    return plain == null || !condition
        ? plain
        : on(plain, conditions(who, "with"), conditions(who, "without"), null, line);
  }

  private static List<String> conditions(String written, String word) {
    return CONDITION
        .matcher(written)
        .results()
        .filter(each -> each.group(1).equals(word))
        .map(each -> each.group(2))
        .toList();
  }

  private @Nullable Threshold on(
      Threshold group,
      List<String> with,
      List<String> without,
      @Nullable Integer denials,
      int line) {
    if (with.stream().anyMatch(without::contains)) {
      problems.add(line, "nobody is both with and without one role; remove one of them");
      return null;
    }
    return new Threshold(
        group.approvals(), group.roles(), group.people(), with, without, denials, List.of());
  }

  private @Nullable Threshold named(int approvals, String written, int line) {
    List<String> roles = new ArrayList<>();
    List<String> people = new ArrayList<>();
    for (String each : written.split("\\s+or\\s+", -1)) {
      Matcher who = WHO.matcher(each.strip());
      if (!who.matches()) {
        problems.add(
            line,
            "'"
                + each.strip()
                + "' names nobody; write 'role NAME', 'person NAME' or 'anyone', "
                + EXAMPLE);
        return null;
      }
      (who.group(1).equals("role") ? roles : people).add(who.group(2));
    }
    return new Threshold(approvals, roles, people);
  }

  private @Nullable Threshold mapped(Section section) {
    String written = section.string("approvals");
    List<String> roles = section.texts("roles").stream().map(Section.Text::value).toList();
    List<String> people = section.texts("people").stream().map(Section.Text::value).toList();
    List<String> with = section.texts("with").stream().map(Section.Text::value).toList();
    List<String> without = section.texts("without").stream().map(Section.Text::value).toList();
    String denials = section.string("denials");
    section.done();
    String count = written == null ? "1" : written;
    if (!count.matches(NUMBER)) {
      section.problem("approvals", "'approvals' is a whole number from 1 on");
      return null;
    }
    if (denials != null && !denials.matches(NUMBER)) {
      section.problem("denials", "'denials' is a whole number from 1 on: so many reject");
      return null;
    }
    if (roles.isEmpty() && people.isEmpty()) {
      problems.add(section.line(), "nobody is named; say 'roles' or 'people', or '1 of anyone'");
      return null;
    }
    return on(
        new Threshold(Integer.parseInt(count), roles, people),
        with,
        without,
        denials == null ? null : Integer.valueOf(denials),
        section.line());
  }
}
