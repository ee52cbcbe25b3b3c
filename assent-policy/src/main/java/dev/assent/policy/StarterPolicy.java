package dev.assent.policy;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The rules to begin with: what only reads passes, everything else is asked about. Stateless. */
public final class StarterPolicy {
  private static final String RESOURCE = "starter.yaml";

  private StarterPolicy() {}

  /** The text of the file, to be copied and changed. */
  public static String text() {
    try (InputStream in = StarterPolicy.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException(RESOURCE + " is missing from the program; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The rules as they are. */
  public static RulePolicy policy() {
    return RulePolicy.parse(RESOURCE, text());
  }
}
