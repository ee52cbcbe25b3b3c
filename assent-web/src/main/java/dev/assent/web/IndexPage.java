package dev.assent.web;

import static org.springframework.web.servlet.function.RequestPredicates.GET;

import jakarta.servlet.DispatcherType;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.RouterFunctions;
import org.springframework.web.servlet.function.ServerRequest;
import org.springframework.web.servlet.function.ServerResponse;

/** The one HTML file, for every path that is a place in the page and not a file. Stateless. */
final class IndexPage {
  private static final String FILE = "/META-INF/resources/index.html";
  private static final String ABSENT =
      """
      <!doctype html><html lang="en"><title>Assent</title>
      <p>The page is not in this build. The API is at <a href="./api/v1/openapi.json">/api/v1</a>.
      """;

  private IndexPage() {}

  static RouterFunction<ServerResponse> routes() {
    return RouterFunctions.route()
        .route(GET("/**").and(IndexPage::isPlace), IndexPage::serve)
        .build();
  }

  private static boolean isPlace(ServerRequest request) {
    String path = path(request);
    String last = path.substring(path.lastIndexOf('/') + 1);
    return request.servletRequest().getDispatcherType() == DispatcherType.REQUEST
        && !ApiPaths.covers(request.servletRequest())
        && (!last.contains(".") || path.equals("/index.html"));
  }

  private static ServerResponse serve(ServerRequest request) {
    String html = read();
    return ServerResponse.ok()
        .contentType(new MediaType(MediaType.TEXT_HTML, StandardCharsets.UTF_8))
        .cacheControl(CacheControl.noStore())
        .body(fitted(html == null ? ABSENT : html, path(request)));
  }

  private static String path(ServerRequest request) {
    return ApiPaths.inside(request.servletRequest());
  }

  /** Addresses in the file are relative to the root; deeper places need as many steps up. */
  static String fitted(String html, String path) {
    int deep = (int) path.chars().filter(c -> c == '/').count() - 1;
    return deep <= 0 ? html : html.replace("=\"./", "=\"" + "../".repeat(deep));
  }

  private static @Nullable String read() {
    try (InputStream in = IndexPage.class.getResourceAsStream(FILE)) {
      return in == null ? null : new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
