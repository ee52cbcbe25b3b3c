package dev.assent.core;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a secret looks like, and where in a text something does. Stateless.
 *
 * <p>Every expression is of one pass: no unbounded repetition of a group, so that hostile text
 * cannot make it slow or deep.
 */
final class SecretShapes {
  private static final int LONGEST_TOKEN = 512;

  /**
   * A shape.
   *
   * @param pattern its first group is the secret; the whole where it has none
   * @param looks what else has to hold of the secret
   */
  private record Shape(String kind, Pattern pattern, Predicate<String> looks) {
    static Shape of(String kind, String pattern) {
      return new Shape(kind, Pattern.compile(pattern), secret -> true);
    }

    int group() {
      return pattern.matcher("").groupCount();
    }
  }

  private static final String ALONE = "(?<![A-Za-z0-9])";
  private static final String ENDS = "(?![A-Za-z0-9])";

  private static final List<Shape> TABLE =
      List.of(
          Shape.of("AWS access key", ALONE + "(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}" + ENDS),
          Shape.of("GitHub token", ALONE + "gh[pousr]_[A-Za-z0-9]{20,255}"),
          Shape.of("GitHub token", ALONE + "github_pat_[A-Za-z0-9_]{20,255}"),
          Shape.of("GitLab token", ALONE + "gl(?:pat|ptt|dt|rt|cbt|soat)-[A-Za-z0-9_.-]{20,255}"),
          Shape.of("Slack token", ALONE + "(?:xox[a-z]|xapp)-[A-Za-z0-9-]{10,255}"),
          Shape.of("Slack webhook", "(?<=hooks\\.slack\\.com/services/)[A-Za-z0-9/]{20,255}"),
          Shape.of("Google API key", ALONE + "AIza[0-9A-Za-z_-]{35}"),
          Shape.of("Google OAuth token", ALONE + "(?:ya29\\.|GOCSPX-)[0-9A-Za-z_.-]{20,512}"),
          Shape.of("Stripe key", ALONE + "(?:sk|rk|whsec)_(?:live_|test_)?[0-9A-Za-z]{16,255}"),
          Shape.of("model API key", ALONE + "sk-[A-Za-z0-9_-]{20,512}"),
          Shape.of("SendGrid key", ALONE + "SG\\.[A-Za-z0-9_-]{16,64}\\.[A-Za-z0-9_-]{16,128}"),
          Shape.of("package registry token", ALONE + "(?:npm_|pypi-)[A-Za-z0-9_-]{20,512}"),
          Shape.of("Hugging Face token", ALONE + "hf_[A-Za-z0-9]{20,255}"),
          Shape.of("vault token", ALONE + "hv[sbr]\\.[A-Za-z0-9_-]{20,255}"),
          Shape.of("cloud token", ALONE + "(?:do[opr]_v1_|shp(?:at|ca|pa|ss)_)[a-f0-9]{32,64}"),
          Shape.of("Telegram bot token", ALONE + "[0-9]{8,10}:[A-Za-z0-9_-]{35}" + ENDS),
          Shape.of(
              "JSON Web Token",
              ALONE + "eyJ[A-Za-z0-9_-]{6,}+\\.[A-Za-z0-9_-]{2,}+(?:\\.[A-Za-z0-9_-]*+){0,3}"),
          new Shape(
              "bearer token",
              Pattern.compile(
                  "(?i)(?<![a-z0-9])(?:bearer|basic)[ \\t]{1,4}([a-z0-9._~+/=-]{8,4096})"),
              SecretShapes::hasDigit),
          Shape.of(
              "password in an address",
              "(?<=://)[^\\s/:@\"'<>]{0,256}:([^\\s/@\"'<>]{1,256})(?=@)"),
          new Shape(
              "long random token",
              Pattern.compile("(?<![A-Za-z0-9+/_=-])[A-Za-z0-9+/_-]{32,}+={0,2}"),
              SecretShapes::random));

  private static final Pattern PRIVATE_KEY =
      Pattern.compile("-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----");

  private SecretShapes() {}

  /** Where secrets stand, in order, not overlapping. */
  static List<SafeText.Secret> in(String text) {
    Visible visible = Visible.of(text);
    List<SafeText.Secret> found = new ArrayList<>();
    privateKeys(visible.text(), found);
    for (Shape shape : TABLE) {
      Matcher matcher = shape.pattern().matcher(visible.text());
      int group = shape.group();
      while (matcher.find()) {
        if (shape.looks().test(matcher.group(group))) {
          found.add(new SafeText.Secret(matcher.start(group), matcher.end(group), shape.kind()));
        }
      }
    }
    SecretPairs.in(visible.text(), found);
    CardNumbers.in(visible.text(), found);
    return merged(found.stream().map(visible::back).toList());
  }

  /** Those in order; where some overlap, the union under the name of the longer one. */
  static List<SafeText.Secret> merged(List<SafeText.Secret> found) {
    List<SafeText.Secret> inOrder = new ArrayList<>(found);
    inOrder.sort(Comparator.comparingInt(SafeText.Secret::from));
    List<SafeText.Secret> apart = new ArrayList<>();
    for (SafeText.Secret next : inOrder) {
      SafeText.Secret last = apart.isEmpty() ? null : apart.getLast();
      if (last == null || next.from() >= last.to()) {
        apart.add(next);
      } else {
        boolean longer = next.to() - next.from() > last.to() - last.from();
        apart.set(
            apart.size() - 1,
            new SafeText.Secret(
                last.from(), Math.max(last.to(), next.to()), longer ? next.kind() : last.kind()));
      }
    }
    return apart;
  }

  /** One without an end goes on to the end of the text. */
  private static void privateKeys(String text, List<SafeText.Secret> found) {
    Matcher begin = PRIVATE_KEY.matcher(text);
    int from = 0;
    while (begin.find(from)) {
      int end = text.indexOf("-----END", begin.end());
      int close = end < 0 ? -1 : text.indexOf("-----", end + 8);
      int to = close < 0 ? text.length() : close + 5;
      found.add(new SafeText.Secret(begin.start(), to, "private key"));
      from = to;
    }
  }

  private static boolean hasDigit(String secret) {
    return secret.chars().anyMatch(c -> c >= '0' && c <= '9');
  }

  /**
   * Letters of both cases and digits that alternate as words, paths, hashes and UUIDs do not. What
   * is longer than any token is data.
   */
  private static boolean random(String secret) {
    if (secret.length() > LONGEST_TOKEN) {
      return false;
    }
    int changes = 0;
    int kinds = 0;
    int last = 0;
    for (int i = 0; i < secret.length(); i++) {
      char c = secret.charAt(i);
      int kind = c >= 'a' && c <= 'z' ? 1 : c >= 'A' && c <= 'Z' ? 2 : c >= '0' && c <= '9' ? 4 : 8;
      kinds |= kind;
      changes += kind == last ? 0 : 1;
      last = kind;
    }
    return (kinds & 7) == 7 && changes * 5 >= secret.length() * 2;
  }

  /**
   * A text without what shows nothing, so that nobody can break a secret's shape by it.
   *
   * @param places where each unit stands in the original; null when nothing was left out
   */
  @SuppressWarnings("ArrayRecordComponent")
  private record Visible(String text, int @org.jspecify.annotations.Nullable [] places) {
    static Visible of(String text) {
      if (text.codePoints().noneMatch(SafeText::ignorable)) {
        return new Visible(text, null);
      }
      StringBuilder kept = new StringBuilder(text.length());
      int[] places = new int[text.length()];
      for (int i = 0; i < text.length(); ) {
        int codePoint = text.codePointAt(i);
        int next = i + Character.charCount(codePoint);
        if (!SafeText.ignorable(codePoint)) {
          for (; i < next; i++) {
            places[kept.length()] = i;
            kept.append(text.charAt(i));
          }
        }
        i = next;
      }
      return new Visible(kept.toString(), places);
    }

    SafeText.Secret back(SafeText.Secret found) {
      return places == null
          ? found
          : new SafeText.Secret(places[found.from()], places[found.to() - 1] + 1, found.kind());
    }
  }
}
