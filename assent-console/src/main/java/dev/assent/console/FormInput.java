package dev.assent.console;

import dev.assent.core.CanonicalJson;
import dev.assent.core.Form;
import dev.assent.core.FormField;
import dev.assent.core.Json;
import dev.assent.core.JsonArray;
import dev.assent.core.JsonBoolean;
import dev.assent.core.JsonNumber;
import dev.assent.core.JsonObject;
import dev.assent.core.JsonString;
import dev.assent.core.MalformedJsonException;
import dev.assent.core.SafeText;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Fills in a form, one line for each field. What is plainly wrong is asked for again here; the rest
 * is for the decision to find. Not thread-safe.
 */
final class FormInput {
  private static final Set<String> YES = Set.of("y", "yes", "true");
  private static final Set<String> NO = Set.of("n", "no", "false");

  private final Tty tty;
  private final Keys keys;

  FormInput(Tty tty, Keys keys) {
    this.tty = tty;
    this.keys = keys;
  }

  /** What cannot be meant. */
  private static final class Wrong extends Exception {
    private static final long serialVersionUID = 1L;

    Wrong(String message) {
      super(message, null, false, false);
    }
  }

  /**
   * The answer as JSON; empty when Escape took it back.
   *
   * @throws Keys.WithdrawnException when somebody else closed the question meanwhile
   */
  Optional<JsonObject> read(Form form) throws Keys.WithdrawnException, Keys.LeftException {
    JsonObject answer = JsonObject.empty();
    for (FormField field : form.fields()) {
      Optional<Optional<Json>> value = read(form, field);
      if (value.isEmpty()) {
        return Optional.empty();
      }
      if (value.get().isPresent()) {
        answer = answer.with(field.name(), value.get().get());
      }
    }
    return Optional.of(answer);
  }

  /** Empty when Escape took it back; holds nothing when the field is left out. */
  private Optional<Optional<Json>> read(Form form, FormField field)
      throws Keys.WithdrawnException, Keys.LeftException {
    String wrong = "";
    while (true) {
      Typesetter set = new Typesetter(tty.columns(), tty.ascii());
      List<Line> label = new ArrayList<>();
      if (!wrong.isEmpty()) {
        label.addAll(set.ours(1, Style.STRONG, wrong));
      }
      label.addAll(label(form, field, set));
      LineInput line = new LineInput(tty, keys, field.secret());
      Optional<String> typed = line.read(label);
      if (typed.isEmpty()) {
        return Optional.empty();
      }
      try {
        return Optional.of(value(field, typed.get()));
      } catch (Wrong e) {
        wrong = String.valueOf(e.getMessage());
      }
    }
  }

  private static List<Line> label(Form form, FormField field, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    if (form.style() == Form.Style.FIELDS) {
      lines.addAll(
          set.foreignAfter(
              " Field: ", Style.STRONG, 3, SafeText.of(field.name() + how(field)), Style.STRONG));
      if (!field.description().isEmpty()) {
        lines.addAll(set.foreign(3, SafeText.of(field.description()), Style.FAINT));
      }
      lines.addAll(options(field, set));
      preset(field)
          .ifPresent(
              preset ->
                  lines.addAll(
                      set.foreignAfter(
                          "   Enter alone keeps ",
                          Style.FAINT,
                          3,
                          SafeText.of(plain(preset)),
                          Style.PLAIN)));
    } else {
      lines.addAll(set.ours(1, Style.STRONG, ask(field)));
    }
    return lines;
  }

  private static String ask(FormField field) {
    String what =
        field.secret()
            ? "Your answer (it is not shown)."
            : several(field)
                ? "The numbers, with commas between them."
                : chosen(field).isEmpty() ? "Your answer." : "The number.";
    return what + " Enter sends, Escape goes back.";
  }

  /** The numbered options of a choice; none for other fields. */
  static List<Line> options(FormField field, Typesetter set) {
    List<Line> lines = new ArrayList<>();
    List<Json> options = chosen(field);
    for (int i = 0; i < options.size(); i++) {
      lines.addAll(
          set.foreignAfter(
              "   " + (i + 1) + "  ",
              Style.STRONG,
              6,
              SafeText.of(plain(options.get(i))),
              Style.PLAIN));
    }
    return lines;
  }

  private static String how(FormField field) {
    String type = several(field) ? "numbers of options" : type(field);
    String kind = chosen(field).isEmpty() || several(field) ? type : "number of an option";
    return " ("
        + (field.secret() ? "not shown" : kind)
        + (field.required() ? ")" : ", may be left empty)");
  }

  private static String type(FormField field) {
    List<String> types = types(field.schema());
    if (types.contains("integer")) {
      return "whole number";
    }
    if (types.contains("number")) {
      return "number";
    }
    if (types.contains("boolean")) {
      return "yes or no";
    }
    return types.contains("string") ? "text" : "JSON";
  }

  private Optional<Json> value(FormField field, String typed) throws Wrong {
    if (typed.isEmpty()) {
      Optional<Json> preset = preset(field);
      if (preset.isEmpty() && field.required()) {
        throw new Wrong("This is needed.");
      }
      return preset;
    }
    List<Json> options = chosen(field);
    if (!options.isEmpty()) {
      return Optional.of(several(field) ? picked(options, typed) : pick(options, typed));
    }
    List<String> types = types(field.schema());
    if (types.contains("string")) {
      return Optional.of(new JsonString(typed));
    }
    if (types.contains("boolean")) {
      String word = typed.toLowerCase(Locale.ROOT);
      if (!YES.contains(word) && !NO.contains(word)) {
        throw new Wrong("Type yes or no.");
      }
      return Optional.of(new JsonBoolean(YES.contains(word)));
    }
    return Optional.of(parsed(types, typed));
  }

  private static Json parsed(List<String> types, String typed) throws Wrong {
    boolean number = types.contains("integer") || types.contains("number");
    Json json;
    try {
      json = Json.parse(typed);
    } catch (MalformedJsonException e) {
      throw new Wrong(number ? "That is no number, such as 12 or 12.50." : "That is no JSON.");
    }
    if (number && !(json instanceof JsonNumber)) {
      throw new Wrong("That is no number, such as 12 or 12.50.");
    }
    return json;
  }

  private static Json pick(List<Json> options, String typed) throws Wrong {
    if (!typed.matches("[1-9][0-9]{0,4}") || Integer.parseInt(typed) > options.size()) {
      throw new Wrong("Type a number from 1 to " + options.size() + ".");
    }
    return options.get(Integer.parseInt(typed) - 1);
  }

  private static Json picked(List<Json> options, String typed) throws Wrong {
    List<Json> all = new ArrayList<>();
    for (String each : typed.split(",")) {
      Json one = pick(options, each.strip());
      if (!all.contains(one)) {
        all.add(one);
      }
    }
    return new JsonArray(all);
  }

  private static Optional<Json> preset(FormField field) {
    return field.secret() ? Optional.empty() : field.schema().find("default");
  }

  private static boolean several(FormField field) {
    return field.schema().find("items").isPresent();
  }

  private static List<Json> chosen(FormField field) {
    JsonObject schema =
        field.schema().find("items").orElse(null) instanceof JsonObject items
            ? items
            : field.schema();
    return field.secret() || !(schema.find("enum").orElse(null) instanceof JsonArray options)
        ? List.of()
        : options.elements();
  }

  private static List<String> types(JsonObject schema) {
    Json type = schema.find("type").orElse(null);
    if (type instanceof JsonString one) {
      return List.of(one.value());
    }
    return type instanceof JsonArray several
        ? several.elements().stream().map(FormInput::plain).toList()
        : List.of();
  }

  private static String plain(Json json) {
    return json instanceof JsonString text ? text.value() : CanonicalJson.text(json);
  }
}
