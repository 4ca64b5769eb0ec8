package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A JSONPaths file: one path per column, in dot or bracket notation. Source: Amazon Redshift
 * Database Developer Guide, "JSONPaths file".
 */
final class JsonPaths {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern STEP =
      Pattern.compile(
          "\\.(?<dot>[^.\\[\\]]+)|\\['(?<name>(?:[^'\\\\]|\\\\.)*)'\\]|\\[(?<index>\\d+)\\]");

  private final List<List<Object>> paths;

  private JsonPaths(List<List<Object>> paths) {
    this.paths = paths;
  }

  static JsonPaths read(S3Location file, S3Store store, int columns) throws IOException, SqlError {
    JsonNode listed;
    try {
      listed = JSON.readTree(store.readAll(file)).path("jsonpaths");
    } catch (JsonProcessingException e) {
      throw new SqlError("XX000", "Invalid JSONPaths file " + file + ": it is not JSON");
    }
    if (!listed.isArray()) {
      throw new SqlError(
          "XX000", "Invalid JSONPaths file " + file + ": it has no \"jsonpaths\" array");
    }
    if (listed.size() != columns) {
      throw new SqlError(
          "XX000",
          "Number of jsonpaths and the number of columns should match. JSONPath size: "
              + listed.size()
              + ", Number of columns in table or column list: "
              + columns);
    }
    List<List<Object>> paths = new ArrayList<>();
    for (JsonNode path : listed) {
      paths.add(steps(path.asText()));
    }
    return new JsonPaths(paths);
  }

  static List<Object> steps(String path) throws SqlError {
    List<Object> steps = new ArrayList<>();
    Matcher matcher = STEP.matcher(path);
    int at = 1;
    boolean valid = path.startsWith("$");
    while (valid && at < path.length()) {
      valid = matcher.find(at) && matcher.start() == at;
      if (valid) {
        String index = matcher.group("index");
        String name = matcher.group("name");
        steps.add(
            index != null
                ? (Object) Integer.valueOf(index)
                : name != null
                    ? name.replaceAll("\\\\(.)", "$1")
                    : String.valueOf(matcher.group("dot")));
        at = matcher.end();
      }
    }
    if (!valid || steps.isEmpty()) {
      throw new SqlError("XX000", "Invalid JSONPath format: " + path);
    }
    return steps;
  }

  /** What the column's path leads to; a missing node if it leads nowhere. */
  JsonNode find(JsonNode root, int column) {
    JsonNode node = root;
    for (Object step : paths.get(column)) {
      node = step instanceof Integer index ? node.path(index) : node.path((String) step);
    }
    return node;
  }
}
