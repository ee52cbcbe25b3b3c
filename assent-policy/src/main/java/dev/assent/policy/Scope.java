package dev.assent.policy;

import java.util.List;

/**
 * Which calls a rule looks at. Immutable.
 *
 * @param tools names and patterns; empty means every tool
 * @param agents names and patterns; empty means every agent
 */
record Scope(List<Glob> tools, List<Glob> agents) {
  Scope {
    tools = List.copyOf(tools);
    agents = List.copyOf(agents);
  }

  boolean covers(String agent, String tool) {
    return any(tools, tool) && any(agents, agent);
  }

  /** True when all its tools are named one by one. */
  boolean namesTools() {
    return !tools.isEmpty() && tools.stream().allMatch(Glob::exact);
  }

  private static boolean any(List<Glob> patterns, String name) {
    if (patterns.isEmpty()) {
      return true;
    }
    for (Glob each : patterns) {
      if (each.matches(name)) {
        return true;
      }
    }
    return false;
  }
}
