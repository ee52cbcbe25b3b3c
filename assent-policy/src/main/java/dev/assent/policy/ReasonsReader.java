package dev.assent.policy;

import dev.assent.core.Reasons;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads for what a decider gives a reason: {@code {approve: required, reject: [fraud, other]}}. */
final class ReasonsReader {
  private static final String REQUIRED = "required";
  private static final String EXAMPLE =
      "for example 'reasons: {reject: [wrong-amount, other]}' or 'reasons: required'";

  private final Problems problems;

  ReasonsReader(Problems problems) {
    this.problems = problems;
  }

  @Nullable Reasons read(Section outer) {
    if (!outer.has("reasons")) {
      return null;
    }
    Section.Text all = Section.textOf(java.util.Objects.requireNonNull(outer.node("reasons")));
    if (all != null) {
      if (!all.value().equals(REQUIRED)) {
        outer.problem(
            "reasons",
            "'reasons' says for what one is given, not '" + all.value() + "'; " + EXAMPLE);
      }
      return Reasons.always();
    }
    Section section = outer.section("reasons");
    if (section == null) {
      return null;
    }
    Reasons reasons = new Reasons(wanted(section, "approve"), wanted(section, "reject"));
    section.done();
    if (reasons.approve() == null && reasons.reject() == null) {
      problems.add(section.line(), "'reasons' asks for none; leave it out, or " + EXAMPLE);
      return null;
    }
    return reasons;
  }

  private Reasons.@Nullable Wanted wanted(Section section, String key) {
    if (!section.has(key)) {
      return null;
    }
    List<Section.Text> written = section.texts(key);
    if (written.size() == 1 && written.getFirst().value().equals(REQUIRED)) {
      return new Reasons.Wanted(List.of());
    }
    List<String> codes = new ArrayList<>();
    for (Section.Text each : written) {
      if (each.value().equals(REQUIRED)) {
        problems.add(
            each.line(), "'required' stands alone: any text will do then; or name codes only");
      } else if (!each.value().matches(Reasons.CODE)) {
        problems.add(
            each.line(),
            "a reason is a code of small letters, digits, '.', '_' and '-', such as wrong-amount,"
                + " not '"
                + each.value()
                + "'");
      } else if (codes.contains(each.value())) {
        problems.add(
            each.line(), "the reason '" + each.value() + "' stands here twice; remove one");
      } else {
        codes.add(each.value());
      }
    }
    return new Reasons.Wanted(codes);
  }
}
