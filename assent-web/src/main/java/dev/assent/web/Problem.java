package dev.assent.web;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonInclude;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.http.MediaType;

/**
 * Why a request was not done, as RFC 9457 has it. Immutable.
 *
 * @param members further ones of this kind of problem
 * @see <a href="https://www.rfc-editor.org/rfc/rfc9457">RFC 9457, Problem Details</a>
 */
record Problem(
    String type,
    String title,
    int status,
    @JsonInclude(JsonInclude.Include.NON_EMPTY) String detail,
    @JsonAnyGetter Map<String, @Nullable Object> members) {

  static Problem of(int status, String code, String title, String detail) {
    return new Problem("/problems/" + code, title, status, detail, Map.of());
  }

  /** The same with one more member; null is written as null. */
  Problem with(String name, @Nullable Object value) {
    Map<String, @Nullable Object> more = new LinkedHashMap<>(members);
    more.put(name, value);
    return new Problem(type, title, status, detail, more);
  }

  ProblemException exception() {
    return new ProblemException(this);
  }

  void writeTo(HttpServletResponse response) throws IOException {
    byte[] bytes = WireFormat.write(this);
    response.setStatus(status);
    if (members.get("retryAfter") instanceof Long seconds) {
      response.setHeader("Retry-After", seconds.toString());
    }
    response.setContentType(MediaType.APPLICATION_PROBLEM_JSON_VALUE);
    response.setContentLength(bytes.length);
    response.getOutputStream().write(bytes);
  }
}
