package dev.assent.policy;

import dev.assent.core.Json;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.Risk;
import dev.assent.core.spi.Policy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A check that another system makes. Thread-safe. It gets the call by POST and answers {@code
 * {"outcome":"pass"}}, {@code {"outcome":"deny","reason":"…"}} or {@code
 * {"outcome":"raise","reason":"…","risk":"HIGH"}}; any other answer, also one that wants to
 * approve, is a failure.
 */
public final class HttpCheck implements Check {
  private static final int LARGEST = 64 * 1024;

  private final URI address;
  private final @Nullable String token;
  private final Duration limit;
  private final HttpClient client;

  /**
   * A check at this address; nothing is sent before the first call.
   *
   * @param token sent as a bearer token; absent means none
   * @param limit of the whole exchange
   * @throws IllegalArgumentException unless it is https, or http on this machine
   */
  public HttpCheck(URI address, @Nullable String token, Duration limit) {
    if (!secure(address)) {
      throw new IllegalArgumentException(
          "a check is asked by https, or by http on this machine; not " + address);
    }
    this.address = address;
    this.token = token;
    this.limit = limit;
    this.client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(limit)
            .build();
  }

  private static boolean secure(URI address) {
    String host = address.getHost();
    if (host == null) {
      return false;
    }
    return "https".equals(address.getScheme())
        || ("http".equals(address.getScheme())
            && (host.equals("localhost") || (host.matches("[0-9.]+|\\[.*]") && loopback(host))));
  }

  private static boolean loopback(String host) {
    try {
      return InetAddress.getByName(host).isLoopbackAddress();
    } catch (IOException e) {
      return false;
    }
  }

  @Override
  public Finding look(Policy.Question question) throws IOException, InterruptedException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(limit)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body(question).toString()));
    if (token != null) {
      request.header("Authorization", "Bearer " + token);
    }
    HttpResponse<InputStream> response =
        client.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    try (InputStream in = response.body()) {
      if (response.statusCode() != 200) {
        throw new IOException("the check answered with status " + response.statusCode());
      }
      byte[] answer = in.readNBytes(LARGEST + 1);
      if (answer.length > LARGEST) {
        throw new IOException("the check answered with more than " + LARGEST + " bytes");
      }
      return finding((JsonObject) Json.parse(answer));
    }
  }

  private static JsonObject body(Policy.Question question) {
    return JsonObject.empty()
        .with("agent", Json.of(question.agent()))
        .with("tool", Json.of(question.tool().name()))
        .with("owner", Json.of(question.tool().owner()))
        .with("effect", Json.of(question.tool().effect().name()))
        .with("arguments", question.arguments())
        .with("requester", Json.of(question.requester()))
        .with("session", Json.of(question.session()))
        .with("run", Json.of(question.run().value()));
  }

  private static Finding finding(JsonObject answer) throws IOException {
    return switch (answer.string("outcome")) {
      case "pass" -> new Finding.Pass();
      case "deny" -> new Finding.Deny(answer.string("reason"));
      case "raise" -> new Finding.Raise(answer.string("reason"), risk(answer));
      default -> throw new IOException("the check may answer pass, deny or raise only");
    };
  }

  private static Risk risk(JsonObject answer) {
    Optional<Json> said = answer.find("risk");
    return said.isPresent() && said.get() instanceof JsonString word
        ? Risk.valueOf(word.value().toUpperCase(Locale.ROOT))
        : Risk.MEDIUM;
  }
}
