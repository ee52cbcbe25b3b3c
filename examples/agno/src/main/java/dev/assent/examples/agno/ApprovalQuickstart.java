package dev.assent.examples.agno;

import dev.assent.core.MasterKeyFile;
import dev.assent.core.Requirement;
import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RequirementCard;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.List;

/** The whole of it on one page: a tool, a store, an agent, a pause, a yes, a result. */
public final class ApprovalQuickstart {
  private static final List<String> STORIES =
      List.of("A lighthouse runs on solar power", "Bees can count", "Old maps, new roads");

  private ApprovalQuickstart() {}

  record News(Demo demo) {
    // The real thing would ask a server; the example brings its own stories.
    @RequiresApproval(message = "This goes out to the network.", summary = "Fetch {count} stories")
    @Tool("Fetches the top stories")
    String topStories(int count) {
      demo.ran("fetching " + count);
      return String.join("; ", STORIES.subList(0, count));
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(ApprovalQuickstart::play);
  }

  static void play(Demo demo) {
    DemoModel model = DemoModel.script().calls("topStories", "{\"count\":2}").repeatsTheResult();
    demo.say("the model is a " + model.name());

    try (SqliteStore store =
            SqliteStore.open(
                demo.folder().resolve("assent.db"),
                MasterKeyFile.openOrCreate(demo.folder().resolve("assent.key")));
        Assent assent =
            Assent.on(store)
                .operator(Demo.YOU)
                .register(Agent.named("reader").model(model).tools(new News(demo)).build())
                .start()) {
      RunResult result = assent.run("reader", "Fetch the top 2 stories.");
      demo.say("status: " + result.status());

      if (result instanceof RunResult.Paused paused) {
        for (Requirement requirement : paused.requirements()) {
          RequirementCard card = assent.card(requirement);
          demo.say("tool: " + requirement.tool());
          demo.say("arguments: " + card.arguments());
          demo.say("in one line: " + card.summary());
          assent.approve(requirement.id());
        }
        demo.ended(assent.resume(paused.run()));
      }
    }
  }
}
