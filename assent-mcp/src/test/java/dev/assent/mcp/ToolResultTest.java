package dev.assent.mcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.assent.runtime.NotExecutedException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("X67")
@DisplayName("an error is an error")
class ToolResultTest {
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"isError\":false}",
        "{\"content\":null}",
        "{\"content\":[],\"isError\":true}",
        "{\"content\":[],\"isError\":\"true\"}",
        "{\"structuredContent\":{},\"isError\":true}"
      })
  void whatIsNoSuccessDoesNotLookLikeOne(String answer) {
    assertThatExceptionOfType(ServerFailure.class).isThrownBy(() -> text(answer));
  }

  @Test
  void anErrorThatMeansNothingHappenedIsStillNoSuccess() {
    assertThatExceptionOfType(NotExecutedException.class)
        .isThrownBy(() -> ToolResult.text(Map.of("content", List.of(), "isError", true), true));
    assertThatExceptionOfType(ServerFailure.class)
        .isThrownBy(() -> ToolResult.text(Map.of(), true));
  }

  @Test
  void structuredContentIsSaidOnce() throws Exception {
    assertThat(
            text(
                "{\"content\":[{\"type\":\"text\",\"text\":\"{\\\"b\\\":2, \\\"a\\\":1}\"}],"
                    + "\"structuredContent\":{\"a\":1,\"b\":2}}"))
        .isEqualTo("{\"b\":2, \"a\":1}");
    assertThat(text("{\"structuredContent\":{\"a\":1}}")).isEqualTo("{\"a\":1}");
  }

  @Test
  void resourcesAndUnknownContentsAreNamed() throws Exception {
    assertThat(
            text(
                "{\"content\":[{\"type\":\"resource\",\"resource\":{\"uri\":\"file:///a\",\"text\":\"A\"}},"
                    + "{\"type\":\"resource\",\"resource\":{\"uri\":\"file:///b\",\"blob\":\"AAAA\"}},"
                    + "{\"type\":\"resource_link\",\"name\":\"c\",\"uri\":\"file:///c\"},"
                    + "{\"type\":\"hologram\"}]}"))
        .isEqualTo(
            "[file:///a]\nA\n[left out: file:///b , 4 characters of base64]\n"
                + "[link: c file:///c]\n[left out: hologram]");
  }

  @SuppressWarnings("unchecked")
  private static String text(String answer) throws ServerFailure {
    return ToolResult.text(JsonValues.MAPPER.readValue(answer, Map.class), false);
  }
}
