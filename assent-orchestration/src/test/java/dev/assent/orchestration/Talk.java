package dev.assent.orchestration;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.DecisionOutcome;
import dev.assent.core.Keyring;
import dev.assent.core.Principal;
import dev.assent.core.RequirementId;
import dev.assent.core.RequirementKind;
import dev.assent.core.spi.Store;
import dev.assent.runtime.Assent;
import dev.assent.runtime.InMemoryStore;
import dev.assent.store.jdbc.SqliteStore;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One conversation on a store; on a file it is dropped and opened anew between two inputs. */
final class Talk implements AutoCloseable {
  static final Principal OLGA = Principal.person("olga");

  private final @Nullable Path file;
  private final Conversation conversation;
  private Store store;
  private Assent assent;
  private @Nullable ConversationRun run;

  /** No file means in memory. */
  Talk(@Nullable Path file, Conversation conversation) {
    this.file = file;
    this.conversation = conversation;
    this.store = open();
    this.assent = assent();
  }

  private Store open() {
    return file == null
        ? new InMemoryStore()
        : SqliteStore.open(file, Keyring.of(new byte[Keyring.MASTER_KEY_BYTES]));
  }

  private Assent assent() {
    return Assent.on(store)
        .answeredFromOutside()
        .operator(OLGA)
        .register(conversation.agent())
        .start();
  }

  Assent world() {
    return assent;
  }

  ConversationRun run() {
    return Objects.requireNonNull(run);
  }

  Talk begins(String message) {
    run = conversation.start(assent, message);
    return this;
  }

  Talk begins(String message, String session) {
    run = conversation.start(assent, message, session);
    return this;
  }

  /** Types these lines, each in another process where there is a file. */
  Talk types(String... lines) {
    for (String line : lines) {
      run().result();
      restart();
      DecisionOutcome outcome = run().type(input(), line, OLGA);
      assertThat(outcome).isInstanceOf(DecisionOutcome.Recorded.class);
    }
    run().result();
    return this;
  }

  void restart() {
    if (file != null) {
      close();
      store = open();
      assent = assent();
      run = conversation.of(assent, run().run());
    }
  }

  /** The one line that is asked for now. */
  RequirementId input() {
    List<RequirementId> open = waiting(RequirementKind.USER_INPUT);
    assertThat(open).hasSize(1);
    return open.getFirst();
  }

  List<RequirementId> waiting(RequirementKind kind) {
    return store.requirementsOf(assent.tenant(), run().run()).stream()
        .filter(requirement -> requirement.open() && requirement.kind() == kind)
        .map(requirement -> requirement.id())
        .toList();
  }

  String transcript() {
    StringBuilder text = new StringBuilder();
    Frame frame = Frame.to(text, "the-run");
    run().all().forEach(frame::print);
    return text.toString();
  }

  @Override
  public void close() {
    assent.close();
    if (store instanceof SqliteStore sqlite) {
      sqlite.close();
    }
  }
}
