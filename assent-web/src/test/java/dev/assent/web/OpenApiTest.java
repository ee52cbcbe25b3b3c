package dev.assent.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

class OpenApiTest {
  @Test
  void documentNamesExactlyWhatIsMapped() {
    try (TestingServer server = new TestingServer()) {
      JsonNode document = server.browser().get("/openapi.json").mustBe(200).json();

      Set<Operations.Operation> documented = new TreeSet<>();
      document
          .get("paths")
          .forEachEntry(
              (path, methods) ->
                  methods.forEachEntry(
                      (method, operation) ->
                          documented.add(
                              new Operations.Operation(path, method.toUpperCase(Locale.ROOT)))));
      assertThat(document.get("openapi").asString()).startsWith("3.1");
      assertThat(documented).isEqualTo(Operations.mapped(server.context));
    }
  }

  @Test
  void everyReferenceLeadsSomewhere() {
    try (TestingServer server = new TestingServer()) {
      JsonNode document = server.browser().get("/openapi.json").json();

      for (JsonNode reference : document.findValues("$ref")) {
        assertThat(document.at(reference.asString().substring(1)).isMissingNode())
            .as(reference.asString())
            .isFalse();
      }
    }
  }
}
