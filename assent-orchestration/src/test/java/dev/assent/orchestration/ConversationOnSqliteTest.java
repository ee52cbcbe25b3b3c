package dev.assent.orchestration;

import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.io.TempDir;

@DisplayName("The classic conversation, on a file that is reopened before every input")
class ConversationOnSqliteTest extends ConversationContract {
  @TempDir @Nullable Path folder;

  @Override
  @Nullable Path file() {
    return Objects.requireNonNull(folder).resolve("assent.db");
  }
}
