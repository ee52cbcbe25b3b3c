package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.spi.Model.Offered;
import dev.assent.core.spi.Model.Request;
import dev.assent.core.spi.ModelException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ToolSchemasTest {
  @Test
  void propertiesAndDefinitionsReachTheWireWhole() {
    Json schema =
        Json.parse(
            """
            {"type":"object","description":"Who gets how much",
             "properties":{
               "to":{"$ref":"#/$defs/party"},
               "amount":{"type":"number","exclusiveMinimum":0,"multipleOf":0.01,"maximum":12345678901234567890},
               "when":{"type":"string","format":"date","default":"2026-01-01"},
               "kind":{"enum":["a",1,null,true]},
               "tags":{"type":"array","items":{"type":"string"},"uniqueItems":true,"maxItems":3},
               "more":{"type":"object","additionalProperties":false,"patternProperties":{"^x":{}}},
               "any":{"oneOf":[{"type":"string"},{"type":"null"}]}},
             "required":["to","amount"],
             "$defs":{"party":{"type":"object","properties":{"name":{"type":"string","minLength":1}}}}}""");

    assertThat(sent(schema)).isEqualTo(schema);
  }

  @Test
  void whatSaysNothingAboutArgumentsIsLeftOut() {
    JsonObject sent =
        sent(
            Json.parse(
                """
                {"$schema":"https://json-schema.org/draft/2020-12/schema","title":"Pay",
                 "type":"object","properties":{"a":true,"b":false},"additionalProperties":false}"""));

    assertThat(sent)
        .isEqualTo(
            Json.parse(
                """
                {"type":"object","properties":{"a":{},"b":{"not":{}}},"required":[]}"""));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"oneOf\":[{\"required\":[\"a\"]}]}",
        "{\"type\":\"string\"}",
        "{\"type\":[\"object\",\"null\"]}",
        "{\"definitions\":{}}",
        "{\"additionalProperties\":{\"type\":\"string\"}}",
        "{\"properties\":{\"a\":{\"maximum\":0.12345678901234567890}}}",
        "{\"properties\":{\"a\":7}}",
        "{\"required\":\"a\"}",
        "true"
      })
  void whatCannotBeCarriedIsRefusedByName(String schema) {
    assertThatThrownBy(() -> sent(Json.parse(schema)))
        .isInstanceOfSatisfying(
            ModelException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo("model-request-invalid");
              assertThat(refused.worthRetrying()).isFalse();
            })
        .hasMessageContaining("'pay' cannot be offered");
  }

  @Test
  void twoToolsOfOneNameAreRefused() {
    Request twice = new Request("", List.of(), List.of(Wire.PAY, Wire.PAY));
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      assertThatThrownBy(() -> Wire.STREAMED.send(provider, twice))
          .isInstanceOf(ModelException.class)
          .hasMessageContaining("Two tools are named 'pay'");
    }
  }

  private static JsonObject sent(Json schema) {
    try (LoopbackProvider provider = LoopbackProvider.start()) {
      provider.answers(LoopbackReply.text("Hello."));
      Wire.STREAMED.send(
          provider,
          new Request(
              "", List.of(new Message.User("Hi")), List.of(new Offered("pay", "Pays", schema))));
      return provider.lastRequest().functions().getFirst().object("parameters");
    }
  }
}
