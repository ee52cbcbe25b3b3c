package dev.assent.langchain4j;

import dev.assent.core.spi.Model.Offered;
import dev.assent.core.spi.ModelException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Names of tools as providers accept them: letters, digits, {@code _} and {@code -}, at most 64.
 * Other names ({@code server/tool}, or what a model made up) get the beginning of their hash as a
 * tail: the same in every request, and two names never become one. Immutable.
 */
final class WireNames {
  private static final Pattern ACCEPTED = Pattern.compile("[a-zA-Z0-9_-]{1,64}");
  private static final int KEPT = 55;
  private static final int HASH_BYTES = 4;

  private final Map<String, String> ours;

  private WireNames(Map<String, String> ours) {
    this.ours = Map.copyOf(ours);
  }

  /**
   * @throws ModelException when two tools have one name
   */
  static WireNames of(List<Offered> tools) {
    Map<String, String> ours = new HashMap<>();
    for (Offered tool : tools) {
      if (ours.put(onWire(tool.name()), tool.name()) != null) {
        throw Failures.request("Two tools are named '" + tool.name() + "'. Rename one.");
      }
    }
    return new WireNames(ours);
  }

  static String onWire(String name) {
    if (ACCEPTED.matcher(name).matches()) {
      return name;
    }
    String readable = name.replaceAll("[^a-zA-Z0-9_-]", "_");
    return readable.substring(0, Math.min(KEPT, readable.length())) + "_" + hash(name);
  }

  /** The tool that the model means, or what it wrote when there is no such tool. */
  String ours(String written) {
    return ours.getOrDefault(written, written);
  }

  private static String hash(String name) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(name.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest, 0, HASH_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
