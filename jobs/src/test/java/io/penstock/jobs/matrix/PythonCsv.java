package io.penstock.jobs.matrix;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads text files with Python's csv module, all in one process. */
final class PythonCsv {
  private static final Path SCRIPT = Path.of("src/test/resources/judges/read_csv.py");
  private static final Tool PYTHON = new Tool("python3");
  private static final ObjectMapper JSON = new ObjectMapper();

  private PythonCsv() {}

  record Request(
      Path path,
      String encoding,
      boolean mark,
      char delimiter,
      @Nullable Character quote,
      @Nullable Character escape) {

    static Request of(Combination options, Path file) {
      String charset = OptionReaders.charset(options).name();
      boolean bare = options.has("quoting", "none-escaped", "none-bare");
      return new Request(
          file,
          charset,
          options.sets("mark"),
          OptionReaders.delimiter(options),
          bare ? null : OptionReaders.quote(options),
          OptionReaders.isEscaped(options) ? '\\' : null);
    }
  }

  /** Nothing where there is no Python. */
  static Map<Path, List<List<String>>> read(Path scratch, List<Request> requests)
      throws IOException, InterruptedException {
    if (!PYTHON.isInstalled()) {
      return Map.of();
    }
    ArrayNode files = JSON.createArrayNode();
    for (Request request : requests) {
      files
          .addObject()
          .put("path", request.path().toString())
          .put("encoding", request.encoding())
          .put("mark", request.mark())
          .put("delimiter", String.valueOf(request.delimiter()))
          .put("quote", request.quote() == null ? null : request.quote().toString())
          .put("escape", request.escape() == null ? null : request.escape().toString());
    }
    Path request = scratch.resolve("python.json");
    JSON.writeValue(request.toFile(), files);
    JsonNode answers = JSON.readTree(PYTHON.out(SCRIPT.toString(), request.toString()));
    Files.delete(request);
    Map<Path, List<List<String>>> read = new HashMap<>();
    for (int i = 0; i < requests.size(); i++) {
      List<List<String>> records = new ArrayList<>();
      for (JsonNode record : answers.path(i)) {
        List<String> fields = new ArrayList<>();
        record.forEach(field -> fields.add(field.asText()));
        records.add(fields);
      }
      read.put(requests.get(i).path(), records);
    }
    return read;
  }
}
