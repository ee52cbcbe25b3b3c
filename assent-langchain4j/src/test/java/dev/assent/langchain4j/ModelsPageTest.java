package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Message;
import dev.assent.core.spi.Model;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The code of docs/models.md. */
class ModelsPageTest {
  private static final Path PAGE = Path.of("../docs/models.md");
  private static final Path SOURCE =
      Path.of("src/test/java/dev/assent/langchain4j/ModelsPageTest.java");

  @Test
  void environmentNamesTheModel() {
    Optional<Model> model = OpenAiModels.fromEnvironment();

    assertThat(model.isPresent())
        .isEqualTo(OpenAiModels.fromEnvironment(System.getenv()).isPresent());
  }

  @Test
  void anyLangChain4jModelAnswers() {
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      provider.answers(LoopbackReply.text("Hello, Ada."));
      String baseUrl = provider.baseUrl();
      String key = LoopbackProvider.KEY;

      Model model =
          LangChain4jModel.of(
              OpenAiChatModel.builder()
                  .baseUrl(baseUrl)
                  .apiKey(key)
                  .modelName("gpt-4o-mini")
                  .timeout(Duration.ofMinutes(2))
                  .maxRetries(0)
                  .build());
      Model.Reply reply =
          model.call(
              new Model.Request("You greet.", List.of(new Message.User("Greet Ada")), List.of()),
              piece -> {});

      assertThat(reply.message().text()).isEqualTo("Hello, Ada.");
      assertThat(model.name()).isEqualTo("gpt-4o-mini");
    }
  }

  @Test
  void pageHasTheCodeThatRunsHere() throws IOException {
    String source = withoutBlanks(Files.readString(SOURCE));
    List<String> examples =
        Pattern.compile("```java\n(.*?)```", Pattern.DOTALL)
            .matcher(Files.readString(PAGE))
            .results()
            .map(example -> withoutBlanks(example.group(1)))
            .toList();

    assertThat(examples).hasSize(2).allSatisfy(each -> assertThat(source).contains(each));
  }

  private static String withoutBlanks(String code) {
    return code.replaceAll("\\s+", "");
  }
}
