package dev.assent.web;

import dev.assent.core.RecordJson;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.springframework.http.HttpInputMessage;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.AbstractHttpMessageConverter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Our records as JSON, and nobody else's. Reads strictly by the core: unknown, repeated and missing
 * members are refused, bodies are bounded. Thread-safe.
 */
final class WireFormat extends AbstractHttpMessageConverter<Object> {
  /** No request of this API needs more. */
  static final int LARGEST_BODY = 1 << 20;

  private static final MediaType PROBLEM = MediaType.APPLICATION_PROBLEM_JSON;
  private static final JsonMapper MAPPER = JsonMapper.builder().build();

  WireFormat() {
    super(MediaType.APPLICATION_JSON, PROBLEM);
  }

  static byte[] write(Object value) {
    return MAPPER.writeValueAsBytes(value);
  }

  @Override
  protected boolean supports(Class<?> type) {
    return type.isRecord() && type.getPackage().equals(WireFormat.class.getPackage());
  }

  @Override
  protected Object readInternal(Class<?> type, HttpInputMessage request) throws IOException {
    if (request.getHeaders().getContentLength() > LARGEST_BODY) {
      throw tooLarge();
    }
    InputStream in = request.getBody();
    byte[] body = in.readNBytes(LARGEST_BODY + 1);
    if (body.length > LARGEST_BODY) {
      throw tooLarge();
    }
    return RecordJson.read(type, body);
  }

  @Override
  protected void writeInternal(Object value, HttpOutputMessage response) throws IOException {
    byte[] bytes = write(value);
    response.getHeaders().setContentLength(bytes.length);
    response.getBody().write(bytes);
  }

  @Override
  public List<MediaType> getSupportedMediaTypes(Class<?> type) {
    return type == Problem.class ? List.of(PROBLEM) : List.of(MediaType.APPLICATION_JSON);
  }

  private static ProblemException tooLarge() {
    return Problem.of(
            413, "body-too-large", "The body is too large", "At most 1 MiB is read; send less.")
        .exception();
  }
}
