package dev.assent.web;

import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import java.util.Comparator;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The agents that are registered here. */
@RestController
@RequestMapping(ApiPaths.V1 + "/agents")
final class AgentController {
  private final Assent assent;

  AgentController(Assent assent) {
    this.assent = assent;
  }

  record AgentView(String name, String description) {}

  @GetMapping
  ListView<AgentView> agents() {
    return new ListView<>(
        assent.agents().stream()
            .sorted(Comparator.comparing(Agent::name))
            .map(agent -> new AgentView(agent.name(), Shown.name(agent.description())))
            .toList());
  }
}
