package dev.assent.core;

import java.util.Iterator;
import java.util.List;

/**
 * A JSON array; immutable.
 *
 * @param elements in order; empty means an empty array
 */
public record JsonArray(List<Json> elements) implements Json, Iterable<Json> {

  /** Makes an array of a copy of the elements. */
  public JsonArray {
    elements = List.copyOf(elements);
  }

  /** An array of these elements. */
  public static JsonArray of(Json... elements) {
    return new JsonArray(List.of(elements));
  }

  /** How many elements it has. */
  public int size() {
    return elements.size();
  }

  /**
   * The element at an index from 0.
   *
   * @throws MalformedJsonException if the array is shorter
   */
  public Json at(int index) {
    if (index < 0 || index >= elements.size()) {
      throw new MalformedJsonException(
          "There is no element "
              + index
              + " in an array of "
              + elements.size()
              + ". Check the index first.");
    }
    return elements.get(index);
  }

  @Override
  public Iterator<Json> iterator() {
    return elements.iterator();
  }

  @Override
  public String toString() {
    return JsonWriting.text(this);
  }
}
