package dev.assent.core;

/** How much harm a wrong yes does; the highest class is approved by typing the tool's name. */
public enum Risk {
  LOW,
  MEDIUM,
  HIGH
}
