package dev.assent.server;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the standalone server. */
@SpringBootApplication
public class AssentServer {

  /** Starts the server with Spring Boot's flags. */
  public static void main(String[] args) {
    SpringApplication.run(AssentServer.class, args);
  }
}
