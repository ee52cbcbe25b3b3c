package dev.assent.langchain4j;

import dev.assent.core.Json;
import dev.assent.core.Message;
import dev.assent.core.spi.Model;
import dev.assent.core.spi.Model.Offered;
import dev.assent.core.spi.Model.Reply;
import dev.assent.core.spi.Model.Request;
import dev.langchain4j.http.client.jdk.JdkHttpClient;
import dev.langchain4j.model.openai.OpenAiChatModel;
import java.net.http.HttpClient;
import java.util.List;

/** The two ways in which an answer comes: a foreign client and one piece, ours and a stream. */
enum Wire {
  WHOLE {
    @Override
    Model to(LoopbackProvider provider) {
      return LangChain4jModel.of(
          OpenAiChatModel.builder()
              .httpClientBuilder(
                  JdkHttpClient.builder()
                      .httpClientBuilder(
                          HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1)))
              .baseUrl(provider.baseUrl())
              .apiKey(LoopbackProvider.KEY)
              .modelName("loopback")
              .maxRetries(0)
              .build());
    }
  },

  STREAMED {
    @Override
    Model to(LoopbackProvider provider) {
      return OpenAiModels.fromEnvironment(provider.environment()).orElseThrow();
    }
  };

  abstract Model to(LoopbackProvider provider);

  Reply ask(LoopbackProvider provider) {
    return send(provider, request(new Message.User("Pay invoice 7")));
  }

  Reply send(LoopbackProvider provider, Request request) {
    return to(provider).call(request, piece -> {});
  }

  static final Offered PAY =
      new Offered(
          "pay",
          "Pays an invoice",
          Json.parse(
              """
              {"type":"object","properties":{"invoice":{"type":"string","pattern":"^[0-9]+$"}},\
              "required":["invoice"]}"""));

  static Request request(Message... messages) {
    return new Request("You pay invoices.", List.of(messages), List.of(PAY));
  }
}
