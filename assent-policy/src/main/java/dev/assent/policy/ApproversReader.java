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
  private static final String EXAMPLE = "for example '2 of role finance or person mia'";

  private final Problems problems;

  ApproversReader(Problems problems) {
    this.problems = problems;
  }

  /** All of them must be met. */
  List<Threshold> read(Section section, String key) {
    List<Threshold> all = new ArrayList<>();
    List<Node> items = section.items(key);
    for (Node item : items) {
      Threshold one =
          item instanceof MappingNode mapping
              ? mapped(new Section(mapping, problems, "'" + key + "'"))
              : worded(item, key);
      if (one != null) {
        all.add(met(one, YamlFile.line(item)));
      }
    }
    return all;
  }

  private Threshold met(Threshold one, int line) {
    if (one.roles().isEmpty() && !one.people().isEmpty() && one.people().size() < one.approvals()) {
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
    return who.equals("anyone")
        ? new Threshold(approvals, List.of(), List.of())
        : named(approvals, who, line);
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
    Section.Text denials = section.text("denials");
    if (denials != null && !denials.value().equals("1")) {
      problems.add(
          denials.line(),
          "one denial rejects; more than one is not done by this version. Remove 'denials'");
    }
    section.done();
    String count = written == null ? "1" : written;
    if (!count.matches("[1-9][0-9]{0,3}")) {
      section.problem("approvals", "'approvals' is a whole number from 1 on");
      return null;
    }
    if (roles.isEmpty() && people.isEmpty()) {
      problems.add(section.line(), "nobody is named; say 'roles' or 'people', or '1 of anyone'");
      return null;
    }
    return new Threshold(Integer.parseInt(count), roles, people);
  }
}
