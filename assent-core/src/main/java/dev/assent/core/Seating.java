package dev.assent.core;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToIntFunction;

/**
 * Gives everybody who approves one authority for the whole requirement, and no authority to two of
 * them, so that as much as can be is met. For one thread.
 *
 * <p>Where there are too many ways to try them all, some are left out: less counts then than could,
 * never more.
 */
final class Seating {
  /** More than a few people who each hold several mandates of the others need. */
  private static final int MOST_TRIES = 50_000;

  private final Map<String, Map<String, BitSet>> people = new LinkedHashMap<>();
  private final int groups;

  /**
   * @param groups how many there are
   */
  Seating(int groups) {
    this.groups = groups;
  }

  /** This person may be counted in that group with this authority. */
  void may(String person, String authority, int group) {
    people
        .computeIfAbsent(person, who -> new LinkedHashMap<>())
        .computeIfAbsent(authority, whose -> new BitSet())
        .set(group);
  }

  /**
   * How many people each group counts, seated so that the least is missing.
   *
   * @param missing says how many people so many in each group leave missing; never more for more
   */
  int[] best(ToIntFunction<int[]> missing) {
    return new Search(missing).found();
  }

  /** What somebody may sit as. */
  private record Choice(String authority, BitSet groups) {}

  private final class Search {
    private final ToIntFunction<int[]> missing;
    private final List<List<Choice>> each;
    private final List<int[]> atMost = new ArrayList<>();
    private final int[] counts = new int[groups];
    private final Set<String> taken = new HashSet<>();
    private int[] best = new int[groups];
    private int least = Integer.MAX_VALUE;
    private int tries;

    Search(ToIntFunction<int[]> missing) {
      this.missing = missing;
      Map<String, Integer> wanted = new HashMap<>();
      people
          .values()
          .forEach(those -> those.keySet().forEach(one -> wanted.merge(one, 1, Integer::sum)));
      this.each =
          people.values().stream()
              .map(those -> choices(those, wanted))
              .sorted(Comparator.comparingInt(List::size))
              .toList();
      int[] rest = new int[groups];
      for (int i = each.size() - 1; i >= 0; i--) {
        BitSet any = new BitSet();
        each.get(i).forEach(choice -> any.or(choice.groups()));
        any.stream().forEach(group -> rest[group]++);
        atMost.addFirst(rest.clone());
      }
      atMost.add(new int[groups]);
    }

    int[] found() {
      seat(0);
      return best;
    }

    private void seat(int person) {
      if (least == 0 || tries++ > MOST_TRIES || missing.applyAsInt(hoped(person)) >= least) {
        return;
      }
      if (person == each.size()) {
        least = missing.applyAsInt(counts);
        best = counts.clone();
        return;
      }
      for (Choice choice : each.get(person)) {
        if (taken.add(choice.authority())) {
          choice.groups().stream().forEach(group -> counts[group]++);
          seat(person + 1);
          choice.groups().stream().forEach(group -> counts[group]--);
          taken.remove(choice.authority());
        }
      }
      seat(person + 1); // somebody else may need what they would take
    }

    /** If all who are left counted in all groups that they may. */
    private int[] hoped(int from) {
      int[] all = counts.clone();
      int[] rest = atMost.get(from);
      for (int i = 0; i < groups; i++) {
        all[i] += rest[i];
      }
      return all;
    }
  }

  /** Without those that are worth no more than another one which nobody else wants. */
  private static List<Choice> choices(Map<String, BitSet> those, Map<String, Integer> wanted) {
    List<Choice> kept = new ArrayList<>();
    those.forEach(
        (authority, in) -> {
          boolean needless =
              those.entrySet().stream()
                  .filter(other -> !other.getKey().equals(authority))
                  .filter(other -> wanted.getOrDefault(other.getKey(), 0) == 1)
                  .filter(other -> holds(other.getValue(), in))
                  .anyMatch(
                      other ->
                          !holds(in, other.getValue())
                              || wanted.getOrDefault(authority, 0) > 1
                              || kept.stream()
                                  .anyMatch(one -> one.authority().equals(other.getKey())));
          if (!needless) {
            kept.add(new Choice(authority, in));
          }
        });
    return kept;
  }

  private static boolean holds(BitSet all, BitSet some) {
    BitSet rest = (BitSet) some.clone();
    rest.andNot(all);
    return rest.isEmpty();
  }
}
