package io.penstock.jobs.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.aws.S3Clients;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * One way to run the job, with a prefix, a table and a state of its own.
 *
 * @param name part of the prefix and of the table's name
 * @param directory of the job file, the state and the event log
 */
record DeliveredJob(SandboxProcess sandbox, String name, Path directory) {

  /** The environment of the driver, and of nothing else. */
  Map<String, String> secrets() {
    return Map.of(
        "PENSTOCK_SECRET_KEY", sandbox.s3().secretKey(),
        "PENSTOCK_PASSWORD", sandbox.redshift().password());
  }

  Path events() {
    return directory.resolve("events");
  }

  private String prefix() {
    return "cluster/" + name;
  }

  private StoreLocation.Bucket location(String below) {
    return sandbox.location(below.isEmpty() ? prefix() : prefix() + "/" + below);
  }

  /** Writes the job file. */
  Path write(Lake lake) throws IOException {
    return Files.writeString(directory.resolve("job.conf"), text(lake));
  }

  /** Writes the job file to the bucket; its state then lies beside it. */
  String writeToBucket(Lake lake) throws IOException {
    try (ObjectStore store = ObjectStores.open(location(""))) {
      store.put("job.conf", text(lake).getBytes(StandardCharsets.UTF_8));
      return store.address("job.conf");
    }
  }

  /** How S3A, which gets nothing from a job file, finds the job file. */
  Map<String, String> fileSystemSettings() {
    return Map.of(
        "spark.hadoop.fs.s3a.endpoint", sandbox.s3().endpoint(),
        "spark.hadoop.fs.s3a.endpoint.region", sandbox.s3().region(),
        "spark.hadoop.fs.s3a.path.style.access", "true");
  }

  Map<String, String> fileSystemSecrets() {
    return Map.of(
        "AWS_ACCESS_KEY_ID", sandbox.s3().accessKey(),
        "AWS_SECRET_ACCESS_KEY", sandbox.s3().secretKey());
  }

  /** With the secrets in it, for a run in this JVM, whose environment has none. */
  Path writeWithSecrets(Lake lake) throws IOException {
    String text = text(lake);
    for (Map.Entry<String, String> secret : secrets().entrySet()) {
      text = text.replace("{ env = \"" + secret.getKey() + "\" }", '"' + secret.getValue() + '"');
    }
    return Files.writeString(directory.resolve("job.conf"), text);
  }

  private String text(Lake lake) {
    return JOB.replace("@LAKE@", lake.directory().toUri().toString())
        .replace("@QUERY@", Lake.query("sha2(%s, 256)"))
        .replace("@BUCKET@", sandbox.bucket())
        .replace("@PREFIX@", prefix())
        .replace("@NAME@", name)
        .replace("@ENDPOINT@", sandbox.s3().endpoint())
        .replace("@ACCESS_KEY@", sandbox.s3().accessKey())
        .replace("@REDSHIFT@", sandbox.redshift().host() + ":" + sandbox.redshift().port())
        .replace("@DATABASE@", sandbox.redshift().database())
        .replace("@USER@", sandbox.redshift().user());
  }

  private static final String JOB =
      """
      job = "cluster-profiles"
      definitions {
        s3 {
          bucket = "@BUCKET@", region = us-east-1, endpoint = "@ENDPOINT@", path-style = true
          credentials {
            type = keys, access-key = "@ACCESS_KEY@", secret-key = { env = "PENSTOCK_SECRET_KEY" }
          }
        }
      }
      spark {
        "spark.sql.shuffle.partitions" = "12"
        "spark.sql.adaptive.coalescePartitions.enabled" = "false"
        "spark.sql.autoBroadcastJoinThreshold" = "-1"
        "spark.databricks.delta.snapshotPartitions" = "2"
      }
      sources {
        orders    { format = parquet, path = "@LAKE@orders" }
        customers { format = delta, path = "@LAKE@customers" }
      }
      query = \"""@QUERY@\"""
      template {
        columns = [
          { name = "customer_id", from = "id", type = "bigint", nullable = false }
          { name = "name", from = "name", type = "varchar(12)" }
          { name = "country", from = "country", type = "char(3)" }
          { name = "orders", from = "orders", type = "integer" }
          { name = "amount", from = "amount", type = "decimal(14,2)" }
          { name = "token", from = "token", type = "varchar(64)" }
        ]
        on-bad-value = reject
      }
      rejects { to = "s3a://@BUCKET@/@PREFIX@/rejects", max = 10 }
      destinations {
        parquet = ${definitions.s3} {
          type = s3, prefix = "@PREFIX@/parquet", format = parquet, partition-by = [country]
        }
        csv = ${definitions.s3} { type = s3, prefix = "@PREFIX@/csv", format = csv, manifest = true }
        warehouse {
          type = redshift
          connection {
            host = "cluster.example.com", database = "@DATABASE@", user = "@USER@"
            password = { env = "PENSTOCK_PASSWORD" }, tls { mode = disable }
            endpoint-override = "@REDSHIFT@"
          }
          staging = ${definitions.s3} { prefix = "@PREFIX@/staging" }
          loader = copy
          table { schema = public, name = "cluster_@NAME@" }
          write = append
          state-schema = "_cluster_@NAME@"
        }
      }
      """;

  long openUploads(String below) {
    StoreLocation.Bucket location = location(below);
    return S3Clients.shared(location.access())
        .listMultipartUploads(list -> list.bucket(location.bucket()).prefix(location.prefix()))
        .uploads()
        .size();
  }

  /** Copies what lies below the prefix; the keys of data files, without the prefix. */
  Set<String> download(Path copy) throws IOException {
    Set<String> keys = new TreeSet<>();
    try (ObjectStore store = ObjectStores.open(location(""))) {
      for (StoredObject object : store.list("")) {
        Path file = copy.resolve(object.key());
        Files.createDirectories(file.getParent());
        Files.write(file, store.read(object.key()).orElseThrow());
        if (object.key().endsWith(".parquet") || object.key().endsWith(".csv")) {
          keys.add(object.key());
        }
      }
    }
    return keys;
  }

  /** The keys of the files in the result of the run, without the prefix. */
  Set<String> keys(JsonNode result) {
    Set<String> keys = new TreeSet<>();
    for (JsonNode destination : result.path("destinations")) {
      for (JsonNode file : destination.path("files")) {
        keys.add(file.path("key").asText().substring(prefix().length() + 1));
      }
    }
    return keys;
  }

  /** What does not depend on where the job ran: names, rows of each, and what became of them. */
  static List<String> counts(JsonNode result) {
    List<String> counts = new ArrayList<>();
    counts.add(result.path("rowsRead").asText() + " read");
    counts.add(result.path("rowsRejected").asText() + " rejected");
    for (JsonNode destination : result.path("destinations")) {
      String name = destination.path("name").asText();
      counts.add(
          String.join(
              " ",
              name,
              destination.path("type").asText(),
              destination.path("status").asText(),
              destination.path("rows").asText(),
              destination.path("operation").asText(),
              destination.path("rowsInserted").asText()));
      for (JsonNode file : destination.path("files")) {
        String key = file.path("key").asText();
        counts.add(key.substring(key.indexOf(name)) + " " + file.path("rows").asText());
      }
    }
    return counts;
  }

  List<String> parquetRows(Path copy) throws SQLException {
    return Lake.rows(
        "",
        "SELECT %s FROM read_parquet('%s/parquet/**/*.parquet', hive_partitioning = true) ORDER BY 1"
            .formatted(Lake.COLUMNS, copy));
  }

  List<String> csvRows(Path copy) throws SQLException {
    return Lake.rows(
        "",
        "SELECT %s FROM read_csv('%s/csv/*.csv', header = true, all_varchar = true)"
                .formatted(Lake.COLUMNS, copy)
            + " ORDER BY cast(customer_id AS bigint)");
  }

  long rejectedRows(Path copy) throws SQLException {
    String count = "SELECT count(*) FROM read_json('%s/rejects/**/*.ndjson')".formatted(copy);
    return Long.parseLong(Lake.rows("", count).get(0));
  }

  List<String> tableRows() throws SQLException {
    try (Connection connection = sandbox.redshift().connect();
        Statement statement = connection.createStatement()) {
      return Lake.rows(
          statement, "SELECT %s FROM public.cluster_%s ORDER BY 1".formatted(Lake.COLUMNS, name));
    }
  }
}
