package dev.assent.web;

import dev.assent.core.Principal;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** The agents that are registered here, and stopping all that one does. */
@RestController
@RequestMapping(ApiPaths.V1 + "/agents")
final class AgentController {
  private final Assent assent;

  AgentController(Assent assent) {
    this.assent = assent;
  }

  record AgentView(String name, String description) {}

  record StoppedView(int runs) {}

  record Stop() {}

  @GetMapping
  ListView<AgentView> agents() {
    return new ListView<>(
        assent.agents().stream()
            .sorted(Comparator.comparing(Agent::name))
            .map(agent -> new AgentView(agent.name(), Shown.name(agent.description())))
            .toList());
  }

  @PostMapping("/{agent}/stop")
  @ResponseStatus(HttpStatus.ACCEPTED)
  StoppedView stop(
      @PathVariable String agent,
      @RequestBody(required = false) @Nullable Stop body,
      LoggedIn login) {
    if (login.principal().kind() == Principal.Kind.SERVICE) {
      throw Problem.of(
              403, "forbidden", "You may not do that", "A service cancels only its own runs.")
          .exception();
    }
    if (assent.agents().stream().noneMatch(each -> each.name().equals(agent))) {
      throw Problem.of(404, "unknown-agent", "There is no such agent here", "See GET /agents.")
          .exception();
    }
    return new StoppedView(assent.stop(agent, login.getName()));
  }
}
