package dev.assent.core;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What people are not shown unless they ask for it: fields that a tool's schema marks as secret,
 * fields whose name says so, and whatever looks like a secret, at any depth. Immutable.
 *
 * <p>It belongs to what is shown, each time anew, never to what is stored, hashed or run. A value
 * that a field of the arguments hides is hidden wherever else it is repeated.
 */
public final class Redaction {
  /** Nothing is hidden: for somebody who asked to see it. */
  public static final Redaction NONE = new Redaction(false, false, null, Map.of());

  /** Hides what looks like a secret: for texts that belong to no call. */
  public static final Redaction SHAPES = new Redaction(true, false, null, Map.of());

  /** Kind of a field that its schema marks. */
  public static final String MARKED = "field marked secret";

  private static final String UNKNOWN = "field of a tool that is not here";
  private static final int SHORT = 6;

  private final boolean on;
  private final boolean unknown;
  private final @Nullable SecretFields fields;
  private final Map<String, String> values;

  private Redaction(
      boolean on, boolean unknown, @Nullable SecretFields fields, Map<String, String> values) {
    this.on = on;
    this.unknown = unknown;
    this.fields = fields;
    this.values = Map.copyOf(values);
  }

  /** Of the calls of a tool with this schema. */
  public static Redaction of(Json schema) {
    return schema instanceof JsonObject object
        ? new Redaction(true, false, SecretFields.of(object), Map.of())
        : SHAPES;
  }

  /** Of the calls of a tool that nobody knows here: any of its fields may be secret. */
  public static Redaction ofUnknownTool() {
    return new Redaction(true, true, null, Map.of());
  }

  /** The same, which also knows the secrets of these arguments wherever they are repeated. */
  public Redaction knowing(@Nullable String canonical) {
    if (!on || canonical == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(values);
    try {
      learn(Json.parse(canonical), root(), more);
    } catch (MalformedJsonException e) {
      return this; // Erased: there is nothing to hide.
    }
    return new Redaction(true, unknown, fields, more);
  }

  /** The same, which also knows what these know. */
  public Redaction knowing(Collection<Redaction> others) {
    Map<String, String> more = new LinkedHashMap<>(values);
    others.forEach(other -> more.putAll(other.values));
    return on ? new Redaction(true, unknown, fields, more) : this;
  }

  /** What it knows, in a value of this schema. */
  public Redaction ofSchema(JsonObject schema) {
    return on ? new Redaction(true, false, SecretFields.of(schema), values) : this;
  }

  /** Only what it knows and what looks like a secret: for other texts than arguments. */
  public Redaction ofTexts() {
    return on ? new Redaction(true, false, null, values) : this;
  }

  /** A text, such as a message or a reason; one that is JSON is looked at by its members. */
  public SafeText text(String text) {
    if (!on) {
      return SafeText.of(text);
    }
    String bare = text.strip();
    if (bare.length() == text.length() && (bare.startsWith("{") || bare.startsWith("["))) {
      try {
        SafeText members = ofTexts().json(Json.parse(text));
        if (members.hasSecrets()) {
          return members;
        }
      } catch (MalformedJsonException e) {
        return plain(text);
      }
    }
    return plain(text);
  }

  private SafeText plain(String text) {
    return SafeText.of(text, in(text));
  }

  /** The same text in plain, such as {@code key [secret: AWS access key, 20 characters]}. */
  public String inPlain(String text) {
    return text(text).toString();
  }

  /** Arguments as their canonical text; bytes that are no JSON are a text like any other. */
  public SafeText arguments(String canonical) {
    try {
      return on ? json(Json.parse(canonical)) : SafeText.of(canonical);
    } catch (MalformedJsonException e) {
      return plain(canonical);
    }
  }

  /**
   * The same for a program: canonical JSON in which a text stands for each secret, as {@link
   * SafeText.Redacted#toString} has it.
   */
  public String masked(String canonical) {
    try {
      Json json = Json.parse(canonical);
      return on && json(json).hasSecrets() ? CanonicalJson.text(masked(json, root())) : canonical;
    } catch (MalformedJsonException e) {
      return plain(canonical).masked();
    }
  }

  /**
   * Whether a value holds the text that stands for a secret where the original does not: whoever
   * wrote it took what is shown for what is there.
   */
  public static boolean holdsMask(Json value, Json original) {
    Set<String> before = new LinkedHashSet<>();
    strings(original).forEach(before::add);
    return strings(value).anyMatch(text -> !before.contains(text) && holdsMask(text));
  }

  /** The same for a text. */
  public static boolean holdsMask(String text) {
    int at = text.indexOf("[secret: ");
    return at >= 0 && text.indexOf(" character", at) >= 0;
  }

  private static Stream<String> strings(Json json) {
    return switch (json) {
      case JsonObject object -> object.members().values().stream().flatMap(Redaction::strings);
      case JsonArray array -> array.elements().stream().flatMap(Redaction::strings);
      case JsonString string -> Stream.of(string.value());
      case JsonNumber number -> Stream.empty();
      case JsonBoolean bool -> Stream.empty();
      case JsonNull nothing -> Stream.empty();
    };
  }

  /** Whether anything of these arguments is hidden. */
  public boolean hides(String canonical) {
    return on && arguments(canonical).hasSecrets();
  }

  /** Where the arguments begin. */
  public Place root() {
    return new Place(
        this,
        fields,
        !on ? null : unknown ? UNKNOWN : fields != null && fields.secret() ? MARKED : null);
  }

  /** A place in arguments. Immutable. */
  public static final class Place {
    private final Redaction redaction;
    private final @Nullable SecretFields fields;
    private final @Nullable String kind;

    private Place(Redaction redaction, @Nullable SecretFields fields, @Nullable String kind) {
      this.redaction = redaction;
      this.fields = fields;
      this.kind = kind;
    }

    /** The member of this name. */
    public Place member(String name) {
      SecretFields below = fields == null ? null : fields.member(name);
      String secret = secret(below);
      boolean named = redaction.on && secret == null && SecretPairs.names(name);
      return new Place(
          redaction, below, named ? "field named as a " + SecretPairs.kind(name) : secret);
    }

    /** The name of a member as it is shown. */
    public SafeText name(String name) {
      return redaction.leaf(name);
    }

    /** An element. */
    public Place element() {
      SecretFields below = fields == null ? null : fields.element();
      return new Place(redaction, below, secret(below));
    }

    /** What is at this JSON pointer below. */
    public Place at(String pointer) {
      Place now = this;
      for (String step : pointer.split("/", -1)) {
        String name = step.replace("~1", "/").replace("~0", "~");
        if (!step.isEmpty()) {
          boolean index = name.chars().allMatch(c -> c >= '0' && c <= '9');
          now = index ? now.elementOrMember(name) : now.member(name);
        }
      }
      return now;
    }

    private Place elementOrMember(String name) {
      Place element = element();
      return element.kind != null ? element : member(name);
    }

    private @Nullable String secret(@Nullable SecretFields below) {
      return kind != null || below == null || !redaction.on ? kind : below.secret() ? MARKED : null;
    }

    /** Whether all that stands here is hidden. */
    public boolean secret() {
      return kind != null;
    }

    /** A leaf as it is shown. */
    public SafeText leaf(Json value) {
      return leaf(
          value, value instanceof JsonString text ? text.value() : CanonicalJson.text(value));
    }

    /**
     * A leaf in other words, such as with quotation marks.
     *
     * @param words how it is written where nothing of it is secret
     */
    public SafeText leaf(Json value, String words) {
      String raw = value instanceof JsonString text ? text.value() : CanonicalJson.text(value);
      if (kind != null && !(value instanceof JsonNull)) {
        return SafeText.join().add(SafeText.Redacted.of(raw, kind)).text();
      }
      SafeText shown = redaction.leaf(raw);
      return shown.hasSecrets() ? shown : SafeText.of(words);
    }

    /** A leaf as itself, anything else as canonical text. */
    public SafeText shown(Json value) {
      return value instanceof JsonObject || value instanceof JsonArray ? json(value) : leaf(value);
    }

    /** A value with all that is below it, as canonical text. */
    public SafeText json(Json value) {
      SafeText.Joined out = SafeText.join();
      redaction.write(value, this, out);
      return out.text();
    }
  }

  private SafeText json(Json json) {
    return root().json(json);
  }

  private void write(Json json, Place place, SafeText.Joined out) {
    switch (json) {
      case JsonObject object -> {
        String before = "{";
        for (Map.Entry<String, Json> member : sorted(object)) {
          out.add(before);
          name(member.getKey(), out);
          out.add(":");
          write(member.getValue(), place.member(member.getKey()), out);
          before = ",";
        }
        out.add(object.size() == 0 ? "{}" : "}");
      }
      case JsonArray array -> {
        String before = "[";
        for (Json element : array.elements()) {
          out.add(before);
          write(element, place.element(), out);
          before = ",";
        }
        out.add(array.size() == 0 ? "[]" : "]");
      }
      case JsonString string -> {
        SafeText shown = place.leaf(string);
        if (shown.hasSecrets()) {
          out.add("\"").add(shown).add("\"");
        } else {
          out.add(CanonicalJson.text(string));
        }
      }
      case JsonNumber leaf -> scalar(leaf, place, out);
      case JsonBoolean leaf -> scalar(leaf, place, out);
      case JsonNull leaf -> out.add("null");
    }
  }

  private static void scalar(Json leaf, Place place, SafeText.Joined out) {
    SafeText shown = place.leaf(leaf);
    if (shown.hasSecrets()) {
      out.add(shown);
    } else {
      out.add(CanonicalJson.text(leaf));
    }
  }

  private void name(String name, SafeText.Joined out) {
    SafeText shown = leaf(name);
    if (shown.hasSecrets()) {
      out.add("\"").add(shown).add("\"");
    } else {
      out.add(CanonicalJson.text(new JsonString(name)));
    }
  }

  private Json masked(Json json, Place place) {
    return switch (json) {
      case JsonObject object -> {
        JsonObject masked = JsonObject.empty();
        for (Map.Entry<String, Json> member : object.members().entrySet()) {
          String name =
              leaf(member.getKey()).hasSecrets()
                  ? leaf(member.getKey()).toString()
                  : member.getKey();
          masked = masked.with(name, masked(member.getValue(), place.member(member.getKey())));
        }
        yield masked;
      }
      case JsonArray array ->
          new JsonArray(
              array.elements().stream().map(each -> masked(each, place.element())).toList());
      case JsonString leaf -> masked(leaf, place.leaf(leaf));
      case JsonNumber leaf -> masked(leaf, place.leaf(leaf));
      case JsonBoolean leaf -> masked(leaf, place.leaf(leaf));
      case JsonNull leaf -> leaf;
    };
  }

  private static Json masked(Json leaf, SafeText shown) {
    return shown.hasSecrets() ? new JsonString(shown.masked()) : leaf;
  }

  /** A text that stands alone, such as one value. */
  private SafeText leaf(String text) {
    return on ? text(text) : SafeText.of(text);
  }

  private static List<Map.Entry<String, Json>> sorted(JsonObject object) {
    return object.members().entrySet().stream().sorted(Map.Entry.comparingByKey()).toList();
  }

  /** Where a known secret may have begun that the text does not hold to its end. */
  int begun(String text) {
    int first = text.length();
    for (String value : values.keySet()) {
      int longest = Math.min(value.length() - 1, text.length());
      for (int length = longest; length > 0; length--) {
        if (text.regionMatches(text.length() - length, value, 0, length)) {
          first = Math.min(first, text.length() - length);
          break;
        }
      }
    }
    return first;
  }

  List<SafeText.Secret> in(String text) {
    List<SafeText.Secret> found = new ArrayList<>(SecretShapes.in(text));
    values.forEach((value, kind) -> repeats(text, value, kind, found));
    return SecretShapes.merged(found);
  }

  /** A short value counts only where it stands alone: a digit is in every number. */
  private static void repeats(String text, String value, String kind, List<SafeText.Secret> found) {
    for (int at = text.indexOf(value); at >= 0; at = text.indexOf(value, at + value.length())) {
      int end = at + value.length();
      if (value.length() >= SHORT || !joined(text, at - 1) && !joined(text, end)) {
        found.add(new SafeText.Secret(at, end, kind));
      }
    }
  }

  private static boolean joined(String text, int at) {
    return at >= 0 && at < text.length() && Character.isLetterOrDigit(text.charAt(at));
  }

  private void learn(Json json, Place place, Map<String, String> known) {
    switch (json) {
      case JsonObject object ->
          object.members().forEach((name, value) -> learn(value, place.member(name), known));
      case JsonArray array -> array.elements().forEach(each -> learn(each, place.element(), known));
      case JsonString string -> learn(string, string.value(), place, known);
      case JsonNumber number -> learn(number, CanonicalJson.text(number), place, known);
      case JsonBoolean bool -> {}
      case JsonNull nothing -> {}
    }
  }

  private static void learn(Json leaf, String text, Place place, Map<String, String> known) {
    String kind = place.kind;
    // What belongs to a tool nobody knows is not taken for a secret elsewhere: it is most words.
    if (kind == null || kind.equals(UNKNOWN) || text.isBlank()) {
      return;
    }
    known.put(text, kind);
    String quoted = CanonicalJson.text(leaf);
    String escaped = leaf instanceof JsonString ? quoted.substring(1, quoted.length() - 1) : quoted;
    known.put(escaped, kind);
  }

  /** Whether this hides nothing at all. */
  public boolean off() {
    return !on;
  }
}
