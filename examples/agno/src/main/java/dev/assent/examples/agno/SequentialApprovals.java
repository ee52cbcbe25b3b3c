package dev.assent.examples.agno;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;

/** Two steps, two pauses: what is published is what came of the step before. */
public final class SequentialApprovals {
  private SequentialApprovals() {}

  record Blog(Demo demo) {
    @RequiresApproval
    @Tool("Creates a draft; returns its id")
    String createDraft(String about) {
      demo.ran("writing about " + about);
      return "draft-1";
    }

    @RequiresApproval
    @Tool("Publishes a draft")
    String publish(String draft) {
      demo.ran("publishing " + draft);
      return draft + " is public";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(SequentialApprovals::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script()
            .calls("createDraft", "{\"about\":\"tides\"}")
            .then(
                heard ->
                    DemoModel.calling(
                        "publish", "{\"draft\":\"" + DemoModel.lastResult(heard) + "\"}"))
            .repeatsTheResult();
    Agent agent = Agent.named("blogger").model(model).tools(new Blog(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunResult first = assent.run("blogger", "Write and publish something about tides.");
      demo.paused(first).forEach(draft -> assent.approve(draft.id()));

      RunResult second = assent.resume(first.run());
      demo.paused(second).forEach(publication -> assent.approve(publication.id()));

      demo.ended(assent.resume(first.run()));
    }
  }
}
