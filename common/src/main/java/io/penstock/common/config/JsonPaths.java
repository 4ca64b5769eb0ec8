package io.penstock.common.config;

import com.typesafe.config.ConfigRenderOptions;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueType;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * Reads what a JSON document is made of: values by the path of their key. Dots nest, within a
 * quoted key as between blocks. No path may lead to a value and to an object.
 */
final class JsonPaths {
  private final Map<String, String> taken = new TreeMap<>();

  /** The columns of a block {@code { "json.key" = column }}. */
  Map<String, String> columns(Section block) {
    Map<String, String> columns = new LinkedHashMap<>();
    walk(
        block,
        "",
        (section, key, path) ->
            section
                .text(key)
                .filter(column -> add(section, key, path))
                .ifPresent(column -> columns.put(path, column)));
    return columns;
  }

  /** The JSON values of a block {@code { "json.key" = value }}. */
  Map<String, String> constants(Section block) {
    Map<String, String> constants = new LinkedHashMap<>();
    walk(
        block,
        "",
        (section, key, path) -> {
          ConfigValue value = section.object().get(key);
          if (value != null
              && section.has(key)
              && !section.isUnresolved(key)
              && add(section, key, path)) {
            constants.put(path, json(value));
          }
        });
    return constants;
  }

  /** Numbers keep the digits that they were written with. */
  private static String json(ConfigValue value) {
    return value.valueType() == ConfigValueType.NUMBER
        ? new BigDecimal(Values.scalar(value).orElseThrow()).toString()
        : value.render(ConfigRenderOptions.concise());
  }

  @FunctionalInterface
  private interface Leaf {
    void visit(Section section, String key, String path);
  }

  private static void walk(Section block, String prefix, Leaf leaf) {
    for (String key : new TreeSet<>(block.object().keySet())) {
      if (block.has(key) && block.isBlock(key)) {
        walk(block.block(key), prefix + key + ".", leaf);
      } else {
        leaf.visit(block, key, prefix + key);
      }
    }
  }

  private boolean add(Section section, String key, String path) {
    if (!isPath(path)) {
      section.invalid(
          key,
          "has an empty part or a control character between its dots",
          "write a key such as address.city");
      return false;
    }
    for (Map.Entry<String, String> other : taken.entrySet()) {
      if (overlap(path, other.getKey())) {
        section.conflict(
            key,
            path.equals(other.getKey())
                ? "is the JSON key of " + other.getValue() + " too"
                : "would be a value and an object: there is " + other.getValue(),
            "rename one of the two");
        return false;
      }
    }
    taken.put(path, section.pathOf(key));
    return true;
  }

  private static boolean isPath(String path) {
    for (String part : path.split("\\.", -1)) {
      if (part.isEmpty() || part.codePoints().anyMatch(Character::isISOControl)) {
        return false;
      }
    }
    return true;
  }

  private static boolean overlap(String one, String other) {
    return one.equals(other) || one.startsWith(other + ".") || other.startsWith(one + ".");
  }
}
