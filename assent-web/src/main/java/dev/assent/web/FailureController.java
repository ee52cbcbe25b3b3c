package dev.assent.web;

import jakarta.servlet.RequestDispatcher;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Controller;
import org.springframework.web.bind.annotation.RequestMapping;

/** Answers what the container refuses by itself; says nothing about the inside. */
@Controller
final class FailureController implements ErrorController {
  @RequestMapping("/error")
  void failed(HttpServletRequest request, HttpServletResponse response) throws IOException {
    Object code = request.getAttribute(RequestDispatcher.ERROR_STATUS_CODE);
    int status = code instanceof Integer number ? number : HttpStatus.NOT_FOUND.value();
    HttpStatus known = HttpStatus.resolve(status);
    Problem.of(
            status,
            status == HttpStatus.NOT_FOUND.value() ? "not-found" : "refused",
            known == null ? "Refused" : known.getReasonPhrase(),
            "")
        .writeTo(response);
  }
}
