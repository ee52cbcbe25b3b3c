package dev.assent.console;

/** How a piece of a line looks where colour is to be had; nothing is told by colour alone. */
enum Style {
  PLAIN(""),
  STRONG("1"),
  FAINT("2"),
  DANGER("1;31"),
  /** A character that is named because it cannot be seen. */
  MARK("33");

  private static final String START = "\u001b[";
  private static final String END = "\u001b[0m";

  private final String code;

  Style(String code) {
    this.code = code;
  }

  String paint(String text) {
    return code.isEmpty() || text.isEmpty() ? text : START + code + "m" + text + END;
  }
}
