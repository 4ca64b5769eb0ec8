package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.matrix.Combination.Pair;
import io.penstock.jobs.matrix.OptionRows.SourceRow;
import io.penstock.jobs.matrix.Received.OneFile;
import io.penstock.jobs.testing.Checksums;
import io.penstock.jobs.testing.GnuPg;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every option of an S3 destination alone and in every legal pair, delivered to the sandbox's S3
 * and read back by tools that are not ours. One destination makes many pairs at once.
 */
class OptionsIT {
  private static final String RUN = "r1";
  private static final OptionSpace SPACE = new OptionSpace(GnuPg.isInstalled());
  private static final List<Destination> DESTINATIONS = destinations();

  @TempDir static Path directory;
  private static final OptionBucket BUCKET = new OptionBucket(SandboxProcess.shared(), "options");
  private static final List<Delivery> DELIVERIES = new ArrayList<>();
  private static Map<String, byte[]> objects = Map.of();
  private static Map<Path, List<List<String>>> pythonRead = Map.of();

  /** What is asked for. */
  private record Destination(String name, Combination options) {
    String job() {
      String rows = OptionRows.of(options).name().toLowerCase(Locale.ROOT);
      return rows + (options.sets("groups") ? "-groups" : "");
    }

    String prefix() {
      return BUCKET.prefix() + "/" + name;
    }

    String block() {
      String settings = options.settings().replace("${prefix}\"", "\"" + prefix());
      return "destinations.%s {\ntype = s3\nformat = csv\nprefix = \"%s\"\n%s\n}\n"
          .formatted(name, prefix(), settings);
    }

    @Override
    public String toString() {
      return name + " " + options;
    }
  }

  /**
   * What came.
   *
   * @param result of the run for this destination
   * @param files decrypted and unpacked
   */
  private record Delivery(Destination destination, JsonNode result, List<OneFile> files) {
    Combination options() {
      return destination.options;
    }

    @Override
    public String toString() {
      return destination.toString();
    }
  }

  private static List<Destination> destinations() {
    List<Combination> all = new ArrayList<>(List.of(Combination.of()));
    SPACE.all().forEach(one -> all.add(SPACE.completed(Combination.of(one)).orElseThrow()));
    all.addAll(Combination.covering(SPACE));
    List<Destination> named = new ArrayList<>();
    for (Combination options : all.stream().distinct().toList()) {
      named.add(new Destination("d%03d".formatted(named.size()), options));
    }
    return named;
  }

  @BeforeAll
  static void deliverAndUnpack() throws Exception {
    for (OptionRows rows : OptionRows.values()) {
      rows.write(directory);
    }
    try (GnuPg gpg = GnuPg.create()) {
      if (GnuPg.isInstalled()) {
        makeKeys(gpg);
      }
      Runs.succeed(writeJobs(), "--run-id", RUN);
      objects = BUCKET.objects();
      fetch(gpg);
    }
    pythonRead = PythonCsv.read(directory, pythonFiles());
  }

  private static void makeKeys(GnuPg gpg) throws Exception {
    String receiver = gpg.key("Receiver <r@example.com>", "ed25519", "sign", "never");
    gpg.subkey(receiver, "cv25519", "encrypt");
    Files.writeString(directory.resolve("receiver.asc"), gpg.export(receiver));
    String sender = gpg.key("Sender <s@example.com>", "ed25519", "sign", "never");
    byte[] secret = gpg.out(new byte[0], "--armor", "--export-secret-keys", sender);
    Files.write(directory.resolve("sender.asc"), secret);
  }

  private static List<Path> writeJobs() throws IOException {
    Map<String, StringBuilder> jobs = new TreeMap<>();
    for (Destination destination : DESTINATIONS) {
      jobs.computeIfAbsent(destination.job(), name -> head(name, destination.options))
          .append(destination.block());
    }
    List<Path> files = new ArrayList<>();
    for (Map.Entry<String, StringBuilder> job : jobs.entrySet()) {
      Path file = directory.resolve(job.getKey() + ".conf");
      files.add(Files.writeString(file, job.getValue()));
    }
    return files;
  }

  private static StringBuilder head(String name, Combination options) {
    StringBuilder job = new StringBuilder("job = " + name + "\nstate = state\n");
    job.append(OptionRows.TEMPLATE.formatted(OptionRows.of(options).name()));
    if (options.sets("groups")) {
      job.append("campaign { name = \"spring 26\", group-column = team }\n");
    }
    return job.append("defaults.s3 { ").append(BUCKET.settings()).append(" }\n");
  }

  private static void fetch(GnuPg gpg) throws Exception {
    Received received = new Received(directory.resolve("received"));
    for (Map.Entry<String, byte[]> object : objects.entrySet()) {
      received.add(object.getKey(), object.getValue());
    }
    Map<Destination, JsonNode> results = new LinkedHashMap<>();
    List<String> encrypted = new ArrayList<>();
    long signed = 0;
    for (Destination destination : DESTINATIONS) {
      JsonNode result = result(destination);
      results.put(destination, result);
      if (destination.options.sets("pgp")) {
        encrypted.addAll(keys(result));
        signed += destination.options.has("pgp", "signed") ? keys(result).size() : 0;
      }
    }
    if (!encrypted.isEmpty()) {
      assertThat(received.decrypt(gpg, encrypted)).as("good signatures").isEqualTo(signed);
    }
    for (Map.Entry<Destination, JsonNode> entry : results.entrySet()) {
      List<OneFile> files = new ArrayList<>();
      for (String key : keys(entry.getValue())) {
        files.addAll(received.unpack(key, entry.getKey().options.value("encoding")));
      }
      DELIVERIES.add(new Delivery(entry.getKey(), entry.getValue(), List.copyOf(files)));
    }
  }

  private static JsonNode result(Destination destination) throws IOException {
    Path record =
        directory.resolve("state/runs/%s/%s/result.json".formatted(destination.job(), RUN));
    for (JsonNode one : new ObjectMapper().readTree(record.toFile()).path("destinations")) {
      if (one.path("name").asText().equals(destination.name)) {
        return one;
      }
    }
    throw new IllegalStateException("no result of " + destination.name);
  }

  private static List<String> keys(JsonNode result) {
    List<String> keys = new ArrayList<>();
    result.path("files").forEach(file -> keys.add(file.path("key").asText()));
    return keys;
  }

  private static List<PythonCsv.Request> pythonFiles() {
    List<PythonCsv.Request> requests = new ArrayList<>();
    for (Delivery delivery : DELIVERIES) {
      Combination options = delivery.options();
      if (new OptionModel(options).isText() && !options.has("quoting", "none-escaped")) {
        delivery.files.forEach(file -> requests.add(PythonCsv.Request.of(options, file.path())));
      }
    }
    return requests;
  }

  @AfterAll
  static void forget() {
    DELIVERIES.clear();
    objects = Map.of();
    pythonRead = Map.of();
  }

  static Stream<Integer> deliveries() {
    return IntStream.range(0, DESTINATIONS.size()).boxed();
  }

  @Test
  void everyLegalPairIsDelivered() {
    List<Pair> delivered =
        DELIVERIES.stream().flatMap(delivery -> delivery.options().pairs().stream()).toList();
    assertThat(delivered).containsAll(SPACE.legalPairs());
  }

  /** Nothing but what was reported, with the bytes that were reported. */
  @Test
  void whatIsThereIsWhatTheRunReported() throws Exception {
    SoftAssertions softly = new SoftAssertions();
    Set<String> unexpected = new TreeSet<>(objects.keySet());
    for (Delivery delivery : DELIVERIES) {
      for (JsonNode file : delivery.result.path("files")) {
        byte[] bytes = objects.getOrDefault(file.path("key").asText(), new byte[0]);
        softly
            .assertThat(Checksums.crc32(bytes))
            .as("%s: %s", delivery, file.path("key"))
            .isEqualTo(file.path("crc32").asText());
      }
      Set<String> expected = new TreeSet<>(keys(delivery.result));
      expected.addAll(doneFiles(delivery));
      if (delivery.options().sets("manifest")) {
        expected.add(delivery.result.path("manifest").asText());
        verifyManifest(softly, delivery);
      }
      softly.assertThat(objects.keySet()).as("%s", delivery).containsAll(expected);
      unexpected.removeAll(expected);
    }
    softly.assertThat(unexpected).isEmpty();
    softly.assertThat(BUCKET.openUploads()).isZero();
    softly.assertAll();
  }

  private static List<String> doneFiles(Delivery delivery) {
    Combination options = delivery.options();
    String name = options.has("done", "named") ? "people.done" : ".DONE";
    List<String> folders =
        options.has("groups", "directory")
            ? Stream.concat(
                    OptionRows.of(options).groups().stream(),
                    Stream.of("__HIVE_DEFAULT_PARTITION__"))
                .map(group -> "/of-" + group.replace("/", "%2F") + "/spring 26/")
                .toList()
            : List.of("/");
    return options.has("done", "none")
        ? List.of()
        : folders.stream().map(folder -> delivery.destination.prefix() + folder + name).toList();
  }

  private static void verifyManifest(SoftAssertions softly, Delivery delivery) throws IOException {
    List<String> named = new ArrayList<>();
    byte[] manifest = objects.getOrDefault(delivery.result.path("manifest").asText(), new byte[0]);
    for (JsonNode entry : new ObjectMapper().readTree(manifest).path("entries")) {
      named.add(entry.path("url").asText().replaceFirst("^s3://[^/]+/", ""));
    }
    softly.assertThat(named).as("%s", delivery).isEqualTo(keys(delivery.result));
  }

  @ParameterizedTest
  @MethodSource("deliveries")
  void comesBack(int number) throws Exception {
    Delivery delivery = DELIVERIES.get(number);
    SoftAssertions softly = new SoftAssertions();
    OptionModel model = new OptionModel(delivery.options());
    Map<String, Map<String, @Nullable String>> rows = new TreeMap<>();
    for (OneFile file : delivery.files) {
      List<Map<String, @Nullable String>> read =
          OptionReaders.read(delivery.options(), file.path());
      verifyFile(softly, delivery, file, read);
      for (Map<String, @Nullable String> row : read) {
        Map<String, @Nullable String> whole = withFolders(row, file.name());
        softly.assertThat(rows.put(String.valueOf(row.get("id")), whole)).as("twice").isNull();
      }
    }
    for (SourceRow row : model.rows()) {
      softly
          .assertThat(rows.remove(String.valueOf(row.id())))
          .as("%s: row %s", delivery, row.id())
          .containsExactlyInAnyOrderEntriesOf(model.expected(row));
    }
    softly.assertThat(rows).as("%s: rows that nobody sent", delivery).isEmpty();
    softly.assertAll();
  }

  private static void verifyFile(
      SoftAssertions softly,
      Delivery delivery,
      OneFile file,
      List<Map<String, @Nullable String>> rows) {
    Combination options = delivery.options();
    String as = delivery + ": " + file.name();
    softly.assertThat(rows).as(as).isNotEmpty();
    if (options.has("files", "rows")) {
      softly.assertThat(rows).as(as).hasSizeLessThanOrEqualTo(OptionRows.MOST_ROWS);
    }
    List<String> columns = OptionReaders.columns(options);
    for (int i = 0; i < rows.size(); i++) {
      Map<String, @Nullable String> row = rows.get(i);
      softly.assertThat(List.copyOf(row.keySet())).as(as).isEqualTo(columns);
      if (options.sets("row-number")) {
        softly.assertThat(row.get("row_number")).as(as).isEqualTo(String.valueOf(i + 1));
      }
    }
    List<List<String>> python = pythonRead.get(file.path());
    if (python != null) {
      softly
          .assertThat(python.subList(options.sets("header") ? 0 : 1, python.size()))
          .as("Python on %s", as)
          .isEqualTo(rows.stream().map(row -> withoutNulls(options, row)).toList());
    }
  }

  /** As readers see a record that know no NULL. */
  private static List<String> withoutNulls(Combination options, Map<String, @Nullable String> row) {
    String nullText = options.sets("null") ? OptionRows.NULL_TEXT : "";
    return row.values().stream().map(value -> value == null ? nullText : value).toList();
  }

  /** The row with the columns that folders name, and without its number. */
  private static Map<String, @Nullable String> withFolders(
      Map<String, @Nullable String> row, String name) {
    Map<String, @Nullable String> whole = new LinkedHashMap<>(row);
    whole.remove("row_number");
    for (String folder : name.split("/", -1)) {
      int equals = folder.indexOf('=');
      if (equals > 0 && !folder.contains(".")) {
        String value = URLDecoder.decode(folder.substring(equals + 1), StandardCharsets.UTF_8);
        whole.put(
            folder.substring(0, equals), value.equals("__HIVE_DEFAULT_PARTITION__") ? null : value);
      }
    }
    return whole;
  }
}
