package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.common.config.ConfigurationException;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.error.ErrorCode;
import io.penstock.jobs.matrix.ReadBack.Comparison;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.QuoteMode;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The matrix staged in each format, copied into tables, and read by the driver and by psql. */
class LoadMatrixIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final String NULL = "<none>";

  @TempDir static Path directory;

  /** Blanks at the end of a CHAR mean nothing, and a database may pad it with them. */
  private static final Comparison LOADED =
      (column, expected, actual) ->
          column.kind().equals("char")
              ? Objects.equals(stripped(expected), stripped(actual))
              : Comparison.EXACT.same(column, expected, actual);

  private static @Nullable Object stripped(@Nullable Object text) {
    return text == null ? null : text.toString().replaceFirst(" +$", "");
  }

  /** What COPY loads from files of the format. */
  private static List<MatrixColumn> columns(String format) {
    Set<String> without =
        switch (format) {
          case "json" -> Set.of("varbyte");
          case "parquet" -> Set.of("super");
          case "avro" -> Set.of("varbyte", "super");
          default -> Set.of();
        };
    return TypeMatrix.columns().stream()
        .filter(column -> !without.contains(column.kind()))
        .toList();
  }

  @BeforeAll
  static void load() throws Exception {
    TypeMatrix.write(directory.resolve("source"));
    List<Path> files = new ArrayList<>();
    for (String format : List.of("auto", "csv", "json", "parquet", "avro")) {
      Path file = directory.resolve(format + ".conf");
      Files.writeString(file, job(format, columns(format)));
      files.add(file);
    }
    Runs.succeed(files);
  }

  private static String job(String format, List<MatrixColumn> columns) {
    SandboxProcess.S3 s3 = SANDBOX.s3();
    SandboxProcess.Redshift redshift = SANDBOX.redshift();
    return """
        job = "matrix-%s"
        state = state
        sources { rows { format = parquet, path = source } }
        %s
        destinations { warehouse {
          type = redshift
          connection {
            host = cluster.example.com, database = "%s", user = "%s", password = "%s"
            endpoint-override = "127.0.0.1:%d", tls { mode = disable }
          }
          staging {
            bucket = "%s", prefix = matrix, region = "%s", endpoint = "%s", path-style = true
            credentials { type = keys, access-key = "%s", secret-key = "%s" }
            format = %s
          }
          loader = copy
          table { name = matrix_%s }
          write = overwrite
        } }
        """
        .formatted(
            format,
            TypeMatrix.template(columns),
            redshift.database(),
            redshift.user(),
            redshift.password(),
            redshift.port(),
            SANDBOX.bucket(),
            s3.region(),
            s3.endpoint(),
            s3.accessKey(),
            s3.secretKey(),
            format,
            format);
  }

  private static String select(String format, List<MatrixColumn> columns) {
    return columns.stream()
        .map(MatrixColumn::name)
        .collect(Collectors.joining(", ", "SELECT id, ", " FROM public.matrix_" + format));
  }

  private static void verify(ReadBack rows) {
    SoftAssertions softly = new SoftAssertions();
    rows.verify(softly, LOADED);
    softly.assertAll();
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "csv", "json", "parquet", "avro"})
  void theRedshiftDriverReads(String format) throws Exception {
    SandboxProcess.Redshift server = SANDBOX.redshift();
    Properties properties = new Properties();
    properties.setProperty("user", server.user());
    properties.setProperty("password", server.password());
    properties.setProperty("ssl", "false");
    List<MatrixColumn> columns = columns(format);
    ReadBack rows = new ReadBack("JDBC on " + format, columns);
    try (Connection connection =
            DriverManager.getConnection(
                "jdbc:redshift://127.0.0.1:" + server.port() + "/" + server.database(),
                properties);
        Statement statement = connection.createStatement();
        ResultSet result = statement.executeQuery(select(format, columns))) {
      while (result.next()) {
        List<@Nullable String> values = new ArrayList<>();
        for (int at = 0; at < columns.size(); at++) {
          values.add(result.getString(at + 2));
        }
        rows.add(result.getInt(1), values);
      }
    }
    verify(rows);
  }

  @ParameterizedTest
  @ValueSource(strings = {"auto", "csv", "json", "parquet", "avro"})
  void psqlReads(String format) throws Exception {
    assumeTrue(isInstalled("psql"), "psql is not installed");
    SandboxProcess.Redshift server = SANDBOX.redshift();
    List<MatrixColumn> columns = columns(format);
    ProcessBuilder psql =
        new ProcessBuilder(
            "psql",
            "-X",
            "--csv",
            "-P",
            "null=" + NULL,
            "-h",
            "127.0.0.1",
            "-p",
            Integer.toString(server.port()),
            "-U",
            server.user(),
            "-d",
            server.database(),
            "-c",
            select(format, columns));
    psql.environment().put("PGPASSWORD", server.password());
    psql.environment().put("PGSSLMODE", "disable");
    psql.environment().put("PGCLIENTENCODING", "UTF8");
    Path out = Files.createTempFile(directory, "psql", ".csv");
    Process process =
        psql.redirectOutput(out.toFile()).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    assertThat(process.waitFor()).isZero();
    verify(parsed(out, "psql on " + format, columns));
  }

  private static ReadBack parsed(Path csv, String judge, List<MatrixColumn> columns)
      throws Exception {
    ReadBack rows = new ReadBack(judge, columns);
    CSVFormat format =
        CSVFormat.Builder.create()
            .setHeader()
            .setSkipHeaderRecord(true)
            .setNullString(NULL)
            .setQuoteMode(QuoteMode.ALL_NON_NULL)
            .get();
    try (CSVParser parser = CSVParser.parse(csv, StandardCharsets.UTF_8, format)) {
      for (CSVRecord record : parser) {
        List<@Nullable String> values = new ArrayList<>();
        columns.forEach(column -> values.add(record.get(column.name())));
        rows.add(Integer.parseInt(record.get("id")), values);
      }
    }
    return rows;
  }

  private static boolean isInstalled(String program) {
    return Stream.of(String.valueOf(System.getenv("PATH")).split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
  }

  @ParameterizedTest
  @CsvSource({"json,varbyte", "avro,varbyte", "parquet,super", "avro,super"})
  void whatAFormatDoesNotCarryIsRefusedByName(String format, String type) throws Exception {
    Path file = directory.resolve("refused.conf");
    List<MatrixColumn> columns =
        TypeMatrix.columns().stream().filter(column -> column.kind().equals(type)).toList();
    Files.writeString(file, job(format, columns));

    ConfigurationException refused =
        org.junit.jupiter.api.Assertions.assertThrows(
            ConfigurationException.class, () -> JobFiles.load(file, Overrides.none()));

    assertThat(refused.problems())
        .anySatisfy(
            problem -> {
              assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
              assertThat(problem.toString()).contains(type + " column", "v_" + type);
            });
  }

  @Test
  void anUntypedColumnIsRefusedBeforeAnythingIsStaged() throws Exception {
    Path file = directory.resolve("untyped.conf");
    Files.writeString(
        file, job("avro", List.of()).replace("\n] }", "\n{ name = b, from = r_v_varbyte } ] }"));

    assertThat(Runs.fail(file)).contains("CONFIG_CONFLICT", "cannot stage column b");
  }
}
