package dev.assent.examples.agno;

import dev.assent.core.RequiresApproval;
import dev.assent.core.Tool;
import dev.assent.runtime.Agent;
import dev.assent.runtime.Assent;
import dev.assent.runtime.RunHandle;
import dev.assent.runtime.RunRequest;
import dev.assent.runtime.RunResult;
import dev.assent.store.jdbc.SqliteStore;
import java.util.concurrent.CompletableFuture;

/**
 * Nobody blocks: the run goes on by itself, and futures say how far it came. There is no second,
 * asynchronous API for it; tools and decisions are the same.
 */
public final class AsyncApproval {
  private AsyncApproval() {}

  record Data(Demo demo) {
    @RequiresApproval
    @Tool("Processes data")
    String process(String data) {
      demo.ran("processing " + data);
      return data + " is processed";
    }
  }

  /** Runs the example. */
  public static void main(String[] args) throws Exception {
    Demo.main(AsyncApproval::play);
  }

  static void play(Demo demo) {
    DemoModel model =
        DemoModel.script().calls("process", "{\"data\":\"1,2,3\"}").repeatsTheResult();
    Agent agent = Agent.named("worker").model(model).tools(new Data(demo)).build();

    try (SqliteStore store = demo.store();
        Assent assent = Assent.on(store).operator(Demo.YOU).register(agent).start()) {
      RunHandle handle = assent.start(RunRequest.of("worker", "Process this data."));

      CompletableFuture<RunResult> end =
          handle
              .result()
              .thenCompose(
                  result -> {
                    demo.paused(result).forEach(each -> assent.approve(each.id()));
                    // The first future stays at the pause; another handle has the next one.
                    return assent.handle(result.run()).result();
                  });

      demo.ended(end.join());
    }
  }
}
