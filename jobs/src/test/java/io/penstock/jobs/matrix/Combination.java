package io.penstock.jobs.matrix;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** One choice for each option that is not left at its default. */
record Combination(Map<String, Choice> choices) {

  /** Two options that are both away from their defaults. */
  record Pair(Choice first, Choice second) {
    static Pair of(Choice one, Choice other) {
      return one.toString().compareTo(other.toString()) < 0
          ? new Pair(one, other)
          : new Pair(other, one);
    }

    Combination combination() {
      return Combination.of(first, second);
    }

    @Override
    public String toString() {
      return first + " " + second;
    }
  }

  static Combination of(Choice... choices) {
    Map<String, Choice> chosen = new LinkedHashMap<>();
    for (Choice choice : choices) {
      chosen.put(choice.option(), choice);
    }
    return new Combination(chosen);
  }

  /** The name of the value of an option. */
  String value(String option) {
    Choice choice = choices.get(option);
    return choice == null ? OptionSpace.DEFAULT : choice.value();
  }

  boolean has(String option, String... values) {
    Choice choice = choices.get(option);
    return choice != null && choice.is(option, values);
  }

  boolean sets(String option) {
    return choices.containsKey(option);
  }

  Set<Pair> pairs() {
    List<Choice> all = List.copyOf(choices.values());
    Set<Pair> pairs = new HashSet<>();
    for (int i = 0; i < all.size(); i++) {
      for (int j = 0; j < i; j++) {
        pairs.add(Pair.of(all.get(i), all.get(j)));
      }
    }
    return pairs;
  }

  String settings() {
    return choices.values().stream().map(Choice::settings).collect(Collectors.joining("\n"));
  }

  Combination with(Choice choice) {
    Map<String, Choice> more = new LinkedHashMap<>(choices);
    more.put(choice.option(), choice);
    return new Combination(more);
  }

  /** As few combinations as a greedy search finds in which every legal pair occurs. */
  static List<Combination> covering(OptionSpace space) {
    Set<Pair> open = space.legalPairs();
    List<Combination> found = new ArrayList<>();
    while (!open.isEmpty()) {
      Pair seed = open.iterator().next();
      Combination next = grown(space, space.completed(seed.combination()).orElseThrow(), open);
      open.removeAll(next.pairs());
      found.add(next);
    }
    return found;
  }

  private static Combination grown(OptionSpace space, Combination seed, Set<Pair> open) {
    Combination grown = seed;
    for (String option : space.options()) {
      if (!grown.sets(option)) {
        Combination so = grown;
        grown =
            space.valuesOf(option).stream()
                .filter(candidate -> so.takes(candidate) && so.gain(candidate, open) > 0)
                .max(Comparator.comparingLong(candidate -> so.gain(candidate, open)))
                .map(so::with)
                .orElse(so);
      }
    }
    return grown;
  }

  private boolean takes(Choice candidate) {
    return OptionSpace.isLegal(with(candidate))
        && choices.values().stream().noneMatch(one -> OptionSpace.setSameKey(one, candidate));
  }

  private long gain(Choice candidate, Set<Pair> open) {
    return choices.values().stream().filter(one -> open.contains(Pair.of(one, candidate))).count();
  }

  @Override
  public String toString() {
    return choices.values().stream().map(Choice::toString).collect(Collectors.joining(" "));
  }
}
