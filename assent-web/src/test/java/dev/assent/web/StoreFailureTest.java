package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.spi.StoreException;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.mock.web.MockHttpServletRequest;
import org.springframework.mock.web.MockHttpServletResponse;
import tools.jackson.databind.JsonNode;

/** What a store says of itself is for the log: it names files and repeats the database. */
@ExtendWith(OutputCaptureExtension.class)
class StoreFailureTest {
  private static final String INSIDE = "The store /home/ada/assent.db: no such column: secret";

  @ParameterizedTest
  @ValueSource(
      strings = {
        "store-full",
        "store-held",
        "store-closed",
        "store-newer",
        "store-broken",
        "snapshot-newer",
        "snapshot-broken",
        "store-code-of-the-future"
      })
  void messageIsLoggedAndNotAnswered(String code, CapturedOutput output) throws IOException {
    MockHttpServletResponse response = new MockHttpServletResponse();

    new ProblemHandler()
        .resolveException(
            new MockHttpServletRequest("GET", "/api/v1/runs"),
            response,
            null,
            new StoreException(code, INSIDE, new IOException("cause of it")));

    JsonNode problem = Browser.JSON.readTree(response.getContentAsString());
    String reference = problem.get("reference").asString();
    assertThat(response.getStatus()).isEqualTo(503);
    assertThat(problem.get("type").asString()).isEqualTo("/problems/" + code);
    assertThat(problem.get("detail").asString())
        .endsWith("It was logged under " + reference + ".")
        .doesNotContain("assent.db", "secret");
    assertThat(response.getContentAsString()).doesNotContain("/home", "secret", "cause of it");
    assertThat(output.getAll()).contains(reference, INSIDE, "cause of it");
  }

  @Test
  void alsoTheLookForTheSessionIsAnsweredSo(CapturedOutput output) {
    try (TestingServer server = new TestingServer()) {
      Browser ada = server.as("ada");
      server.store.close();

      Browser.Answer answer = ada.get("/agents").mustBe(503);

      assertThat(answer.problem()).isEqualTo("store-closed");
      assertThat(answer.body()).doesNotContain("in-memory");
      assertThat(output.getAll())
          .contains(answer.json().get("reference").asString(), "The in-memory store is closed");
    }
  }
}
