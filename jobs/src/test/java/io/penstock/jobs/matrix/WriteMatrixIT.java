package io.penstock.jobs.matrix;

import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Date;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Every operation and write, staged in every format, over three runs whose rows come, go and
 * change: tables and counts are those of a model in plain Java.
 */
class WriteMatrixIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final int RUNS = 3;
  private static final List<String> FORMATS = List.of("auto", "json", "parquet", "avro");
  private static final String STATE = "_state_write_matrix";
  private static final StructType SCHEMA =
      StructType.fromDDL(
          "id BIGINT, region STRING, name STRING, amount DECIMAL(10,2), active BOOLEAN, day DATE,"
              + " at TIMESTAMP");

  @TempDir static Path directory;

  /** How the rows of a run change a table. */
  enum Kind {
    APPEND("update", "append"),
    OVERWRITE("update", "overwrite"),
    UPSERT("update", "upsert"),
    MIRROR("update", "mirror"),
    CREATE_NEW("create-new", "append");

    private final String operation;
    private final String write;

    Kind(String operation, String write) {
      this.operation = operation;
      this.write = write;
    }

    String keys() {
      return this == UPSERT || this == MIRROR ? "keys = [id, REGION]" : "";
    }
  }

  /** A row as text, and what identifies it. */
  private record ModelRow(long id, String region, List<@Nullable String> values) {
    String key() {
      return id + "/" + region;
    }

    String line() {
      return id
          + "|"
          + region
          + "|"
          + values.stream().map(String::valueOf).collect(Collectors.joining("|"));
    }
  }

  /** What a table is to hold, and what the latest run is to have counted; -1: nothing. */
  private static final class Model {
    private final Kind kind;
    private List<ModelRow> rows = new ArrayList<>();
    private long inserted;
    private long updated = -1;
    private long deleted = -1;

    Model(Kind kind) {
      this.kind = kind;
    }

    void run(List<ModelRow> delivered) {
      switch (kind) {
        case CREATE_NEW -> {
          rows = new ArrayList<>(delivered);
          inserted = delivered.size();
        }
        case APPEND -> {
          rows.addAll(delivered);
          inserted = delivered.size();
        }
        case OVERWRITE -> {
          deleted = rows.size();
          inserted = delivered.size();
          rows = new ArrayList<>(delivered);
        }
        case UPSERT, MIRROR -> byKeys(delivered);
      }
    }

    private void byKeys(List<ModelRow> delivered) {
      Map<String, ModelRow> held = new LinkedHashMap<>();
      rows.forEach(row -> held.put(row.key(), row));
      Map<String, ModelRow> given = new LinkedHashMap<>();
      delivered.forEach(row -> given.put(row.key(), row));
      inserted = given.keySet().stream().filter(key -> !held.containsKey(key)).count();
      updated =
          given.values().stream()
              .filter(row -> held.containsKey(row.key()) && !held.get(row.key()).equals(row))
              .count();
      if (kind == Kind.MIRROR) {
        deleted = held.keySet().stream().filter(key -> !given.containsKey(key)).count();
        held.clear();
      }
      held.putAll(given);
      rows = new ArrayList<>(held.values());
    }

    List<String> lines() {
      return rows.stream().map(ModelRow::line).sorted().toList();
    }

    String counts() {
      return inserted + "|" + shown(updated) + "|" + shown(deleted);
    }

    private static String shown(long count) {
      return count < 0 ? "null" : Long.toString(count);
    }
  }

  private static boolean isDelivered(int id, int run) {
    return switch (run) {
      case 1 -> id < 40;
      case 2 -> id >= 20 && id < 70;
      default -> id % 3 != 0 && id < 80;
    };
  }

  /** Some rows change in every run, some once, the others never. */
  private static int version(int id, int run) {
    return id % 4 == 0 ? run : id % 4 == 1 ? Math.min(run, 2) : 1;
  }

  private static List<ModelRow> delivered(int run) {
    List<ModelRow> rows = new ArrayList<>();
    for (int id = 0; id < 80; id++) {
      if (isDelivered(id, run)) {
        rows.add(row(id, version(id, run)));
      }
    }
    return rows;
  }

  private static ModelRow row(int id, int version) {
    List<@Nullable String> values = new ArrayList<>();
    values.add((id + version) % 5 == 0 ? null : "é, \"" + id + "\" '\\" + version + " ");
    values.add((id + version) % 7 == 0 ? null : (id - 40) * version + ".25");
    values.add((id + version) % 6 == 0 ? null : Boolean.toString((id + version) % 2 == 0));
    values.add((id + version) % 8 == 0 ? null : "2026-%02d-%02d".formatted(version, id % 28 + 1));
    values.add(
        (id + version) % 9 == 0 ? null : "1999-12-31 23:%02d:%02d".formatted(version, id % 60));
    return new ModelRow(id / 2, id % 2 == 0 ? "EU" : "us ", values);
  }

  private static Row sparkRow(ModelRow row) {
    @Nullable String amount = row.values().get(1);
    @Nullable String active = row.values().get(2);
    @Nullable String day = row.values().get(3);
    @Nullable String at = row.values().get(4);
    return RowFactory.create(
        row.id(),
        row.region(),
        row.values().get(0),
        amount == null ? null : new BigDecimal(amount),
        active == null ? null : Boolean.valueOf(active),
        day == null ? null : Date.valueOf(day),
        at == null ? null : Timestamp.valueOf(at));
  }

  @Test
  void everyRunLeavesWhatTheModelLeaves() throws Exception {
    Map<String, Model> models = new TreeMap<>();
    for (String format : FORMATS) {
      for (Kind kind : Kind.values()) {
        models.put(destination(kind, format), new Model(kind));
      }
    }
    for (int run = 1; run <= RUNS; run++) {
      List<ModelRow> rows = delivered(run);
      LocalSpark.session()
          .createDataFrame(rows.stream().map(WriteMatrixIT::sparkRow).toList(), SCHEMA)
          .selectExpr("*", "date_format(at, 'yyyy-MM-dd HH:mm:ss') AS at_text")
          .drop("at")
          .write()
          .parquet(directory.resolve("run" + run).toString());
      Path job = directory.resolve("job" + run + ".conf");
      Files.writeString(job, job(run));

      Runs.succeed(List.of(job), "--run-id", "r" + run);

      models.values().forEach(model -> model.run(rows));
      compare(models, run);
    }
  }

  private static void compare(Map<String, Model> models, int run) throws SQLException {
    SoftAssertions softly = new SoftAssertions();
    Map<String, String> counts = counts(run);
    for (Map.Entry<String, Model> entry : models.entrySet()) {
      String destination = entry.getKey();
      Model model = entry.getValue();
      String table = destination + (model.kind == Kind.CREATE_NEW ? "_" + run : "");
      softly.assertThat(rows(table)).as("%s, run %d", table, run).isEqualTo(model.lines());
      softly
          .assertThat(counts.get(destination))
          .as("counts of %s, run %d", table, run)
          .isEqualTo(model.counts());
    }
    List<String> appended = rows("append_auto");
    softly.assertThat(rows("write-matrix-id")).isEqualTo(appended);
    softly.assertThat(rows("write-matrix")).isEqualTo(appended);
    softly.assertAll();
  }

  private static Map<String, String> counts(int run) throws SQLException {
    Map<String, String> counts = new TreeMap<>();
    for (List<String> row :
        query(
            "SELECT destination, rows_inserted, rows_updated, rows_deleted FROM "
                + STATE
                + ".runs WHERE status = 'succeeded' AND run_id = 'r"
                + run
                + "'")) {
      counts.put(row.get(0), String.join("|", row.subList(1, 4)));
    }
    return counts;
  }

  private static List<String> rows(String table) throws SQLException {
    return query(
            "SELECT id, region, name, amount, CASE WHEN active THEN 'true' WHEN NOT active THEN"
                + " 'false' END, TO_CHAR(day, 'YYYY-MM-DD'), TO_CHAR(at, 'YYYY-MM-DD HH24:MI:SS')"
                + " FROM write_matrix.\""
                + table
                + "\"")
        .stream()
        .map(row -> String.join("|", row))
        .sorted()
        .toList();
  }

  private static List<List<String>> query(String sql) throws SQLException {
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(sql)) {
      List<List<String>> rows = new ArrayList<>();
      int width = result.getMetaData().getColumnCount();
      while (result.next()) {
        List<String> row = new ArrayList<>();
        for (int i = 1; i <= width; i++) {
          row.add(String.valueOf(result.getString(i)));
        }
        rows.add(row);
      }
      return rows;
    }
  }

  private static String destination(Kind kind, String format) {
    return kind.name().toLowerCase(Locale.ROOT) + "_" + format;
  }

  private static String job(int run) {
    StringBuilder destinations = new StringBuilder();
    for (String format : FORMATS) {
      for (Kind kind : Kind.values()) {
        String name = destination(kind, format);
        destinations.append(
            """
            %s = ${warehouse} {
              staging { format = %s }, operation = %s, write = %s, table { name = %s }
              %s
            }
            """
                .formatted(name, format, kind.operation, kind.write, name, kind.keys()));
      }
    }
    return head(run)
        + "destinations {\n"
        + destinations
        + "by-id = ${warehouse} { table { name-from { dataset-id { id = \"Write-Matrix-ID\" } } } }\n"
        + "by-name = ${warehouse} { table { name-from = dataset-name } }\n"
        + "}\n";
  }

  private static String head(int run) {
    SandboxProcess.S3 s3 = SANDBOX.s3();
    SandboxProcess.Redshift redshift = SANDBOX.redshift();
    return """
        job = "write-matrix"
        state = state
        sources { rows { format = parquet, path = "run%d" } }
        query = "SELECT * FROM rows"
        template { columns = [
          { name = id, from = id, type = bigint, nullable = false }
          { name = region, from = region, type = "varchar(8)", nullable = false }
          { name = name, from = name, type = "varchar(40)" }
          { name = amount, from = amount, type = "decimal(10,2)" }
          { name = active, from = active, type = boolean }
          { name = day, from = day, type = date }
          { name = at, from = at_text, type = timestamp }
        ] }
        spark { "spark.sql.shuffle.partitions" = 1 }
        warehouse {
          type = redshift
          connection {
            host = cluster.example.com, database = "%s", user = "%s", password = "%s"
            endpoint-override = "127.0.0.1:%d", tls { mode = disable }
          }
          staging {
            bucket = "%s", prefix = write-matrix, region = "%s", endpoint = "%s", path-style = true
            credentials { type = keys, access-key = "%s", secret-key = "%s" }
          }
          loader = copy
          table { schema = write_matrix }
          state-schema = %s
        }
        """
        .formatted(
            run,
            redshift.database(),
            redshift.user(),
            redshift.password(),
            redshift.port(),
            SANDBOX.bucket(),
            s3.region(),
            s3.endpoint(),
            s3.accessKey(),
            s3.secretKey(),
            STATE);
  }

  @BeforeAll
  static void schema() throws SQLException {
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement()) {
      statement.execute("CREATE SCHEMA write_matrix");
    }
  }
}
