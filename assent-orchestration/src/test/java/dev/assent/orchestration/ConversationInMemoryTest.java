package dev.assent.orchestration;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DisplayName;

@DisplayName("The classic conversation, in memory")
class ConversationInMemoryTest extends ConversationContract {
  @Override
  @Nullable Path file() {
    return null;
  }
}
