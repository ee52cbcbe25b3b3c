package dev.assent.examples.finance;

import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Starts the demo. */
@SpringBootApplication
public class FinanceCompliance {

  /** Starts the demo with Spring Boot's flags. */
  public static void main(String[] args) {
    SpringApplication.run(FinanceCompliance.class, args);
  }
}
