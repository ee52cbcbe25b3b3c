package dev.assent.core;

import java.math.BigDecimal;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What one argument of a call may be, for a {@link Grant} to serve it. Immutable. The tags are a
 * stored format.
 */
public sealed interface ArgumentRule {

  /** True when this value may be served; absent when the call does not have the argument. */
  boolean accepts(@Nullable Json value);

  /** After the argument's name, in words. */
  String inWords();

  /** Exactly this value. */
  @Tag("equal")
  record Equal(Json value) implements ArgumentRule {
    @Override
    public boolean accepts(@Nullable Json other) {
      return other != null && same(value, other);
    }

    @Override
    public String inWords() {
      return "is exactly " + CanonicalJson.text(value);
    }
  }

  /** One of these values. */
  @Tag("oneOf")
  record OneOf(List<Json> values) implements ArgumentRule {
    /**
     * @throws IllegalArgumentException when there is none
     */
    public OneOf {
      values = List.copyOf(values);
      if (values.isEmpty()) {
        throw new IllegalArgumentException("a list of allowed values needs at least one");
      }
    }

    @Override
    public boolean accepts(@Nullable Json other) {
      return other != null && values.stream().anyMatch(each -> same(each, other));
    }

    @Override
    public String inWords() {
      return "is one of "
          + values.stream().map(CanonicalJson::text).collect(Collectors.joining(", "));
    }
  }

  /** A number, not below the one and not above the other; an absent end is open. */
  @Tag("number")
  record Range(@Nullable JsonNumber least, @Nullable JsonNumber most) implements ArgumentRule {
    /**
     * @throws IllegalArgumentException when both ends are open, or no number lies between them
     */
    public Range {
      if (least == null && most == null) {
        throw new IllegalArgumentException("a range needs a least or a most number");
      }
      if (least != null && most != null && least.decimal().compareTo(most.decimal()) > 0) {
        throw new IllegalArgumentException("no number is at least " + least + ", at most " + most);
      }
    }

    @Override
    public boolean accepts(@Nullable Json other) {
      if (!(other instanceof JsonNumber number)) {
        return false;
      }
      BigDecimal value = number.decimal();
      return (least == null || value.compareTo(least.decimal()) >= 0)
          && (most == null || value.compareTo(most.decimal()) <= 0);
    }

    @Override
    public String inWords() {
      if (least == null) {
        return "is a number of at most " + Objects.requireNonNull(most);
      }
      return most == null
          ? "is a number of at least " + least
          : "is a number from " + least + " to " + most;
    }
  }

  /**
   * A text of this form: {@code *} stands for any characters, also none, {@code ?} for one. Nothing
   * else is special, there is no way to write a plain star; control characters fit neither.
   */
  @Tag("text")
  record Text(String glob) implements ArgumentRule {
    /**
     * @throws IllegalArgumentException when it is empty
     */
    public Text {
      if (glob.isEmpty()) {
        throw new IllegalArgumentException("a form of texts is not empty; ask for \"\" itself");
      }
    }

    @Override
    public boolean accepts(@Nullable Json other) {
      return other instanceof JsonString text && fits(codePoints(glob), codePoints(text.value()));
    }

    @Override
    public String inWords() {
      return "is a text like "
          + CanonicalJson.text(new JsonString(glob))
          + " (* is any text, ? any character)";
    }

    private static int[] codePoints(String text) {
      return text.codePoints().toArray();
    }

    /** Greedy, back to the last star only: no input makes it slow. */
    private static boolean fits(int[] form, int[] text) {
      int f = 0;
      int star = -1;
      int from = 0;
      for (int t = 0; t < text.length; ) {
        if (f < form.length && form[f] == '*') {
          star = f++;
          from = t;
        } else if (f < form.length && (form[f] == text[t] || (form[f] == '?' && plain(text[t])))) {
          f++;
          t++;
        } else if (star >= 0 && plain(text[from])) {
          f = star + 1;
          t = ++from;
        } else {
          return false;
        }
      }
      return Arrays.stream(form, Math.min(f, form.length), form.length).allMatch(c -> c == '*');
    }

    private static boolean plain(int codePoint) {
      return switch (Character.getType(codePoint)) {
        case Character.CONTROL,
            Character.FORMAT,
            Character.LINE_SEPARATOR,
            Character.PARAGRAPH_SEPARATOR,
            Character.UNASSIGNED,
            Character.PRIVATE_USE ->
            false;
        default -> true;
      };
    }
  }

  /** Anything, also nothing at all. */
  @Tag("any")
  record Anything() implements ArgumentRule {
    @Override
    public boolean accepts(@Nullable Json other) {
      return true;
    }

    @Override
    public String inWords() {
      return "may be anything";
    }
  }

  private static boolean same(Json one, Json other) {
    return Arrays.equals(CanonicalJson.of(one), CanonicalJson.of(other));
  }
}
