package dev.assent.policy;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Finds the rules that may fit a call, in the order of the file. Thread-safe. */
final class RuleIndex<R extends Rule> {
  private static final int MOST_KEPT = 4_096;

  /** A rule and where it stands in the file. */
  private record Placed<R>(int place, R rule) {}

  private record Key(String agent, String tool) {}

  private final Map<String, List<Placed<R>>> byTool = new HashMap<>();
  private final List<Placed<R>> others = new ArrayList<>();
  private final Map<Key, List<R>> kept = new ConcurrentHashMap<>();

  RuleIndex(List<R> rules) {
    for (int place = 0; place < rules.size(); place++) {
      add(new Placed<>(place, rules.get(place)));
    }
  }

  private void add(Placed<R> placed) {
    Scope scope = placed.rule().scope();
    if (!scope.namesTools()) {
      others.add(placed);
      return;
    }
    scope.tools().stream()
        .map(Glob::pattern)
        .distinct()
        .forEach(tool -> byTool.computeIfAbsent(tool, name -> new ArrayList<>()).add(placed));
  }

  /** The rules whose scope covers this tool of this agent. */
  List<R> covering(String agent, String tool) {
    Key key = new Key(agent, tool);
    List<R> known = kept.get(key);
    if (known != null) {
      return known;
    }
    List<Placed<R>> candidates = new ArrayList<>(byTool.getOrDefault(tool, List.of()));
    candidates.addAll(others);
    List<R> found =
        candidates.stream()
            .filter(each -> each.rule().scope().covers(agent, tool))
            .sorted(Comparator.comparingInt(Placed::place))
            .map(Placed::rule)
            .toList();
    if (kept.size() < MOST_KEPT) {
      kept.put(key, found);
    }
    return found;
  }
}
