package dev.assent.web;

import java.util.List;

/** All rows. Immutable. */
record ListView<T>(List<T> items) {
  ListView {
    items = List.copyOf(items);
  }
}
