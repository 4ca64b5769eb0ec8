package io.penstock.jobs.events;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What stands below {@code traits} or {@code properties}: objects, columns and constants. */
sealed interface TraitTree extends Serializable {

  /** A column, by its place among those that the form is given. */
  record Leaf(int ordinal) implements TraitTree {}

  /** A JSON value. */
  record Constant(String json) implements TraitTree {}

  /** An object; names and members in one order. */
  record Branch(List<String> names, List<TraitTree> members) implements TraitTree {}

  /** Puts a tree together; members come in the order of their names. */
  final class Builder {
    private final Map<String, Object> root = new TreeMap<>();

    /** Adds a member at a path with dots. */
    void add(String path, TraitTree member) {
      add(List.of(path.split("\\.", -1)), member, path);
    }

    /** Adds a member whose name is taken as it is. */
    void addNamed(String name, TraitTree member) {
      add(List.of(name), member, name);
    }

    @SuppressWarnings("unchecked")
    private void add(List<String> parts, TraitTree member, String path) {
      Map<String, Object> at = root;
      for (String part : parts.subList(0, parts.size() - 1)) {
        Object below = at.computeIfAbsent(part, name -> new TreeMap<String, Object>());
        if (!(below instanceof Map)) {
          throw taken(path);
        }
        at = (Map<String, Object>) below;
      }
      if (at.putIfAbsent(parts.get(parts.size() - 1), member) != null) {
        throw taken(path);
      }
    }

    private static PenstockException taken(String path) {
      return PenstockException.of(
          ErrorCode.CONFIG_CONFLICT,
          "the JSON key \"" + path + "\" stands for two things",
          "traits and constants, or two columns, meet in it",
          "name the traits one by one, and give each a key of its own");
    }

    boolean holds(String name) {
      return root.containsKey(name);
    }

    Branch build() {
      return branch(root);
    }

    @SuppressWarnings("unchecked")
    private static Branch branch(Map<String, Object> members) {
      List<TraitTree> built = new ArrayList<>();
      for (Object member : members.values()) {
        built.add(
            member instanceof Map ? branch((Map<String, Object>) member) : (TraitTree) member);
      }
      return new Branch(List.copyOf(members.keySet()), List.copyOf(built));
    }
  }
}
