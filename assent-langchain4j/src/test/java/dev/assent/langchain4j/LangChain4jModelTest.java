package dev.assent.langchain4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.Message;
import dev.assent.core.TokenUse;
import dev.assent.core.spi.Model.Offered;
import dev.assent.core.spi.Model.Reply;
import dev.assent.core.spi.Model.Request;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LangChain4jModelTest {
  private final LoopbackProvider provider = LoopbackProvider.start();

  @AfterEach
  void close() {
    provider.close();
  }

  @Nested
  class TheReply {
    @ParameterizedTest
    @EnumSource
    void hasTextAndTokenUse(Wire wire) {
      provider.answers(LoopbackReply.text("Pa", "id \uD83D\uDCB6", "."));

      Reply reply = wire.ask(provider);

      assertThat(reply.message()).isEqualTo(new Message.Assistant("Paid \uD83D\uDCB6.", List.of()));
      assertThat(reply.use())
          .isEqualTo(new TokenUse(LoopbackCompletion.INPUT, LoopbackCompletion.OUTPUT));
    }

    @ParameterizedTest
    @EnumSource
    void hasTheCallWithItsIdAndTheTextOfItsArguments(Wire wire) {
      provider.answers(LoopbackReply.call("call_a", "pay", "{ \"invoice\" :", "\"7\"}"));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls())
          .containsExactly(new Message.Call("call_a", "pay", "{ \"invoice\" :\"7\"}"));
    }

    @ParameterizedTest
    @EnumSource
    void keepsArgumentsThatWereSplitInsideAnEscape(Wire wire) {
      provider.answers(
          LoopbackReply.call("a", "pay", "{\"invoice\":\"7\\", "n8\\u00", "e9\\\\", "\"}"));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls().getFirst().arguments())
          .isEqualTo("{\"invoice\":\"7\\n8\\u00e9\\\\\"}");
    }

    @ParameterizedTest
    @EnumSource
    void hasParallelCallsInTheOrderOfTheModel(Wire wire) {
      provider.answers(
          LoopbackReply.calls(
              new LoopbackCall("a", "pay", "{\"invoice\":", "\"1\"}"),
              new LoopbackCall("b", "pay", "{\"invoice\":\"2\"}"),
              new LoopbackCall("c", "look", "{}")));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls())
          .containsExactly(
              new Message.Call("a", "pay", "{\"invoice\":\"1\"}"),
              new Message.Call("b", "pay", "{\"invoice\":\"2\"}"),
              new Message.Call("c", "look", "{}"));
    }

    @ParameterizedTest
    @EnumSource
    void passesMalformedArgumentsAndUnknownToolsOnUnchanged(Wire wire) {
      provider.answers(
          LoopbackReply.calls(
              new LoopbackCall("a", "pay", "{\"invoice\": 7,"),
              new LoopbackCall("b", "delete all!", "{}")));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls())
          .containsExactly(
              new Message.Call("a", "pay", "{\"invoice\": 7,"),
              new Message.Call("b", "delete all!", "{}"));
    }

    @ParameterizedTest
    @EnumSource
    void namesCallsWithoutIdOrWithOneTwice(Wire wire) {
      provider.answers(
          LoopbackReply.calls(
              new LoopbackCall("", "pay", "{}"),
              new LoopbackCall("x", "pay", "{}"),
              new LoopbackCall("x", "pay", "{}")));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls())
          .extracting(Message.Call::providerId)
          .containsExactly("call_1", "x", "call_3");
    }

    @ParameterizedTest
    @EnumSource
    void takesNoArgumentsAsAnEmptyObject(Wire wire) {
      provider.answers(LoopbackReply.call("a", "pay", ""));

      Reply reply = wire.ask(provider);

      assertThat(reply.message().calls().getFirst().arguments()).isEqualTo("{}");
    }
  }

  @Nested
  class TheRequest {
    @ParameterizedTest
    @EnumSource
    void hasInstructionsMessagesCallsAndResultsInOrder(Wire wire) {
      provider.answers(LoopbackReply.text("Done."));

      wire.send(
          provider,
          Wire.request(
              new Message.User("Pay 1 and 2"),
              new Message.Assistant(
                  "On it.",
                  List.of(
                      new Message.Call("a", "pay", "{\"invoice\":\"1\"}"),
                      new Message.Call("b", "pay", "{\"invoice\":\"2\"}"))),
              new Message.ToolResult("a", "pay", "paid", false),
              new Message.ToolResult("b", "pay", "rejected by ada", true),
              new Message.User("Well?")));

      List<JsonObject> sent = provider.lastRequest().messages();
      assertThat(sent)
          .extracting(each -> each.string("role"))
          .containsExactly("system", "user", "assistant", "tool", "tool", "user");
      assertThat(sent.get(0).string("content")).isEqualTo("You pay invoices.");
      assertThat(sent.get(2).string("content")).isEqualTo("On it.");
      assertThat(sent.get(2).array("tool_calls"))
          .isEqualTo(
              Json.parse(
                  """
                  [{"id":"a","type":"function",
                    "function":{"name":"pay","arguments":"{\\"invoice\\":\\"1\\"}"}},
                   {"id":"b","type":"function",
                    "function":{"name":"pay","arguments":"{\\"invoice\\":\\"2\\"}"}}]"""));
      assertThat(sent.get(3).string("tool_call_id")).isEqualTo("a");
      assertThat(sent.get(3).string("content")).isEqualTo("paid");
      assertThat(sent.get(4).string("tool_call_id")).isEqualTo("b");
      assertThat(sent.get(4).string("content")).isEqualTo("Error: rejected by ada");
    }

    @ParameterizedTest
    @EnumSource
    void offersToolsWithTheirWholeSchema(Wire wire) {
      provider.answers(LoopbackReply.text("Hello."));

      wire.ask(provider);

      JsonObject function = provider.lastRequest().functions().getFirst();
      assertThat(function.string("name")).isEqualTo("pay");
      assertThat(function.string("description")).isEqualTo("Pays an invoice");
      assertThat(function.object("parameters")).isEqualTo(Wire.PAY.schema());
    }

    @ParameterizedTest
    @EnumSource
    void sendsMalformedArgumentsBackInsideAnObject(Wire wire) {
      provider.answers(LoopbackReply.text("Sorry."));

      wire.send(
          provider,
          Wire.request(
              new Message.User("Pay"),
              new Message.Assistant(
                  "",
                  List.of(
                      new Message.Call("a", "pay", "{\"invoice\": 7,"),
                      new Message.Call("b", "delete all!", "[1]"))),
              new Message.ToolResult("a", "pay", "not JSON", true),
              new Message.ToolResult("b", "delete all!", "no such tool", true)));

      List<JsonObject> functions =
          provider.lastRequest().messages().get(2).array("tool_calls").elements().stream()
              .map(call -> ((JsonObject) call).object("function"))
              .toList();
      assertThat(functions)
          .extracting(function -> Json.parse(function.string("arguments")))
          .containsExactly(
              JsonObject.of("unparseable_arguments", Json.of("{\"invoice\": 7,")),
              JsonObject.of("unparseable_arguments", Json.of("[1]")));
      assertThat(functions.get(1).string("name")).matches("[a-zA-Z0-9_-]{1,64}");
    }

    @ParameterizedTest
    @EnumSource
    void namesToolsOfServersAsProvidersAcceptAndUnderstandsTheAnswer(Wire wire) {
      Offered remote = new Offered("bank/pay", "Pays", Wire.PAY.schema());
      provider.otherwise(
          request -> LoopbackReply.call("a", request.functions().getFirst().string("name"), "{}"));

      Reply reply =
          wire.send(provider, new Request("", List.of(new Message.User("Pay")), List.of(remote)));

      String sent = provider.lastRequest().functions().getFirst().string("name");
      assertThat(sent).startsWith("bank_pay_").matches("[a-zA-Z0-9_-]{1,64}");
      assertThat(reply.message().calls().getFirst().tool()).isEqualTo("bank/pay");
    }

    @ParameterizedTest
    @EnumSource
    void leavesOutWhatWasNeverSaid(Wire wire) {
      provider.answers(LoopbackReply.text("Hello."));

      wire.send(
          provider,
          new Request(
              " ",
              List.of(
                  new Message.User("Hi"),
                  new Message.Assistant("", List.of()),
                  new Message.User("Still there?")),
              List.of()));

      assertThat(provider.lastRequest().messages())
          .extracting(each -> each.string("role"))
          .containsExactly("user", "user");
    }
  }
}
