package io.penstock.common.config;

import com.typesafe.config.Config;
import com.typesafe.config.ConfigException;
import com.typesafe.config.ConfigFactory;
import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigOriginFactory;
import com.typesafe.config.ConfigParseOptions;
import com.typesafe.config.ConfigResolveOptions;
import com.typesafe.config.ConfigUtil;
import com.typesafe.config.ConfigValue;
import com.typesafe.config.ConfigValueFactory;
import io.penstock.common.error.ErrorCode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A job file merged with what is above and below it, its substitutions resolved. */
final class JobTree {
  /** The origin of a value that stands for an unresolved substitution. */
  static final String UNRESOLVED = "unresolved substitution";

  /** The name of the shipped defaults. */
  static final String REFERENCE = "penstock-reference.conf";

  private static final Pattern SUBSTITUTION = Pattern.compile("\\$\\{\\??([^}]*)}");
  private static final int MOST_UNRESOLVED = 100;

  private final SourceTexts texts = new SourceTexts();
  private final ProblemList problems;
  private final LocalIncludes includes;
  private final List<ConfigObject> layers = new ArrayList<>();

  JobTree(ProblemList problems, TextReader reader) {
    this.problems = problems;
    this.includes = new LocalIncludes(texts, problems, reader);
  }

  SourceTexts texts() {
    return texts;
  }

  /** Adds a layer below those that are there. */
  void addText(String name, String text, Locations base) {
    layers.add(includes.parse(name, text, base));
  }

  /** Adds the shipped defaults, the lowest layer. */
  void addReference() {
    try (InputStream stream =
        Objects.requireNonNull(JobTree.class.getResourceAsStream("/" + REFERENCE))) {
      addText(
          REFERENCE, new String(stream.readAllBytes(), StandardCharsets.UTF_8), new Locations("/"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Adds one definition of the command line. */
  void addDefinition(String key, String value) {
    String origin = "-D " + key;
    try {
      List<String> path = ConfigUtil.splitPath(key);
      layers.add(value(value, origin).atPath(ConfigUtil.joinPath(path)).root());
    } catch (ConfigException e) {
      problems.add(
          ErrorCode.CONFIG_SYNTAX,
          Place.file("-D"),
          "",
          "a definition is not of the form key=value, or its value is not HOCON",
          "write -D path.to.key=value");
    }
  }

  private static ConfigValue value(String text, String origin) {
    if (text.startsWith("[") || text.startsWith("{")) {
      ConfigObject parsed =
          ConfigFactory.parseString(
                  "value = " + text, ConfigParseOptions.defaults().setOriginDescription(origin))
              .root();
      return Objects.requireNonNull(parsed.get("value"))
          .withOrigin(ConfigOriginFactory.newSimple(origin));
    }
    return ConfigValueFactory.fromAnyRef(text.equals("null") ? null : text, origin);
  }

  /** Merges the layers; substitutions that lead nowhere are reported and stand as empty texts. */
  ConfigObject resolve() {
    Config merged = ConfigFactory.empty();
    for (ConfigObject layer : layers) {
      merged = merged.withFallback(layer);
    }
    for (int tries = 0; tries < MOST_UNRESOLVED; tries++) {
      try {
        return merged.resolve(ConfigResolveOptions.defaults()).root();
      } catch (ConfigException.UnresolvedSubstitution e) {
        String path = unresolvedPath(e);
        report(e, path);
        if (path.isEmpty()) {
          return ConfigFactory.empty().root();
        }
        merged = merged.withFallback(ConfigValueFactory.fromAnyRef("", UNRESOLVED).atPath(path));
      } catch (ConfigException e) {
        SyntaxProblems.report(e, "", texts, problems);
        return ConfigFactory.empty().root();
      }
    }
    return ConfigFactory.empty().root();
  }

  private static String unresolvedPath(ConfigException.UnresolvedSubstitution e) {
    String message = String.valueOf(e.getMessage());
    Matcher found = SUBSTITUTION.matcher(message);
    return !message.contains("cycle") && found.find() ? found.group(1) : "";
  }

  private void report(ConfigException.UnresolvedSubstitution e, String path) {
    Place place = e.origin() == null ? Place.file("") : texts.of(e.origin());
    if (path.isEmpty()) {
      problems.add(
          ErrorCode.CONFIG_UNRESOLVED_SUBSTITUTION,
          place,
          "",
          "a substitution refers to itself",
          "remove one substitution of the circle");
      return;
    }
    problems.add(
        ErrorCode.CONFIG_UNRESOLVED_SUBSTITUTION,
        place,
        "",
        "${" + path + "} is neither a key of the file nor an environment variable",
        "define it, set the environment variable, or write ${?" + path + "} if it may be absent");
  }

  /** The keys of a top-level block in the order in which the files name them. */
  List<String> inOrder(String block, ConfigObject merged) {
    Map<String, Integer> rank = new HashMap<>();
    List<ConfigObject> fromBelow = new ArrayList<>(layers);
    Collections.reverse(fromBelow);
    for (ConfigObject layer : fromBelow) {
      rank(block, layer, rank);
    }
    List<String> keys = new ArrayList<>(merged.keySet());
    Collections.sort(keys);
    keys.sort(
        (a, b) ->
            Integer.compare(
                rank.getOrDefault(a, Integer.MAX_VALUE), rank.getOrDefault(b, Integer.MAX_VALUE)));
    return keys;
  }

  private void rank(String block, ConfigObject layer, Map<String, Integer> rank) {
    try {
      if (layer.get(block) instanceof ConfigObject object) {
        List<Map.Entry<String, ConfigValue>> entries = new ArrayList<>(object.entrySet());
        entries.sort(
            (a, b) -> {
              Place first = texts.of(a.getValue().origin(), a.getKey());
              Place second = texts.of(b.getValue().origin(), b.getKey());
              int lines = Integer.compare(first.line(), second.line());
              return lines != 0 ? lines : Integer.compare(first.column(), second.column());
            });
        entries.forEach(entry -> rank.putIfAbsent(entry.getKey(), rank.size()));
      }
    } catch (ConfigException.NotResolved e) {
      // A block that is itself a substitution has no order of its own before it is resolved.
      return;
    }
  }
}
