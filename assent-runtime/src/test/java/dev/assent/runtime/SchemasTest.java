package dev.assent.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNoException;

import com.sun.net.httpserver.HttpServer;
import dev.assent.core.Effect;
import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.ToolSpec;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemasTest {
  private final Schemas schemas = new Schemas();

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"#/$defs/missing\"}}}",
        "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\",\"pattern\":\"[\"}}}",
        "{\"$schema\":\"urn:nobody\",\"type\":\"object\"}",
        "[]",
        "7"
      })
  void aSchemaThatCannotBeUsedIsRefusedWithTheTool(String schema) {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> bound(schema))
        .withMessageContaining("'files/read'");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"type\":\"object\"}",
        "{\"$schema\":\"http://json-schema.org/draft-07/schema#\",\"type\":\"object\"}",
        "{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\",\"type\":\"object\"}"
      })
  void schemasAsServersSendThemAreTaken(String schema) {
    assertThatNoException().isThrownBy(() -> bound(schema));
    assertThat(schemas.problems(JsonObject.empty(), Json.parse(schema))).isEmpty();
  }

  @Test
  void aTypeThatNobodyKnowsIsTheTypeOfNothing() {
    Json schema = Json.parse("{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"money\"}}}");

    assertThat(schemas.problems(JsonObject.of("a", Json.of("1 EUR")), schema)).isNotEmpty();
  }

  /** Whoever writes a schema must not make us call anybody. */
  @Test
  void aReferenceToElsewhereIsNotFollowed() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    HttpServer elsewhere =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    elsewhere.createContext(
        "/",
        exchange -> {
          asked.incrementAndGet();
          exchange.sendResponseHeaders(404, -1);
          exchange.close();
        });
    elsewhere.start();
    try {
      String schema =
          "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"http://127.0.0.1:"
              + elsewhere.getAddress().getPort()
              + "/s.json\"}}}";

      assertThatIllegalArgumentException().isThrownBy(() -> bound(schema));

      assertThat(asked).hasValue(0);
    } finally {
      elsewhere.stop(0);
    }
  }

  /** Two servers' schemas with one id are two schemas. */
  @Test
  void anIdDoesNotReachIntoAnotherSchema() {
    bound("{\"$id\":\"urn:shared\",\"type\":\"object\",\"$defs\":{\"a\":{\"type\":\"string\"}}}");

    assertThatIllegalArgumentException()
        .isThrownBy(
            () ->
                bound(
                    "{\"type\":\"object\",\"properties\":{\"a\":{\"$ref\":\"urn:shared#/$defs/a\"}}}"));
  }

  private static ToolBinding bound(String schema) {
    return new ToolBinding(
        new ToolSpec(
            "mcp",
            "files/read",
            "",
            "",
            Json.parse(schema),
            Effect.AT_MOST_ONCE,
            null,
            false,
            Duration.ofMinutes(1),
            List.of()),
        (context, arguments) -> "");
  }
}
