package dev.assent.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The machine-readable form of the API; kept by hand, compared with the code by a test. */
@RestController
final class OpenApiController {
  private final byte[] document;

  OpenApiController() throws IOException {
    try (InputStream in = OpenApiController.class.getResourceAsStream("openapi.json")) {
      this.document = Objects.requireNonNull(in, "openapi.json is missing").readAllBytes();
    }
  }

  @GetMapping(path = ApiPaths.V1 + "/openapi.json", produces = MediaType.APPLICATION_JSON_VALUE)
  byte[] document() {
    return document.clone();
  }
}
