package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.names.FileName;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.Checksums;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One file that several tasks write. */
class SingleFileIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  @TempDir Path folder;

  /** Rows in eight partitions, the given of which have none, one or many rows. */
  private static Dataset<Row> rows(int many, String sizes) {
    return SPARK
        .range(0, 8L * many, 1, 8)
        .selectExpr(
            "id",
            "concat('name ', id, ' ', sha2(cast(id as string), 512)) AS name",
            "div(id, " + many + ") AS part")
        .where(
            "substr('"
                + sizes
                + "', cast(part AS int) + 1, 1) = 'm' OR (substr('"
                + sizes
                + "', cast(part AS int) + 1, 1) = '1' AND id % "
                + many
                + " = 0)")
        .drop("part");
  }

  private static byte[] expectedCsv(Dataset<Row> rows) {
    StringBuilder csv = new StringBuilder("id,name\n");
    for (Row row : rows.collectAsList()) {
      csv.append(row.getLong(0)).append(',').append(row.getString(1)).append('\n');
    }
    return csv.toString().getBytes(StandardCharsets.UTF_8);
  }

  private DestinationResult deliver(Dataset<Row> rows, Plans plans) {
    try (StagedDelivery staged =
        new DeliveryEngine(
                SPARK,
                secret ->
                    secret instanceof Secret.Literal literal
                        ? literal.value()
                        : SANDBOX.s3().secretKey())
            .stage(rows, plans.plan())) {
      DestinationResult result = staged.publish();
      staged.finish();
      return result;
    }
  }

  private static Plans single(StoreLocation location, OutputFormat format, Encoding encoding) {
    return Plans.csv(location)
        .as(format)
        .packed(new FileCount.Single(), encoding)
        .named(new FileName("all." + format.extension(), "", false));
  }

  private static OutputFormat csv() {
    return new OutputFormat.Text("csv", Plans.CSV);
  }

  @Test
  void holdsTheRowsInTheirOrder() throws Exception {
    Dataset<Row> rows = rows(500, "m01m0m11");
    Plans plans = single(new StoreLocation.Directory(folder.toString()), csv(), Encoding.NONE);
    DestinationResult result = deliver(rows, plans);
    byte[] file = Files.readAllBytes(folder.resolve("all.csv"));
    assertThat(file).isEqualTo(expectedCsv(rows));
    assertThat(result.files()).hasSize(1);
    assertThat(result.files().get(0).crc32()).isEqualTo(Checksums.crc32(file));
    assertThat(result.rows()).isEqualTo(rows.count());
    assertNothingHidden();
  }

  @Test
  void gzipIsOneMember() throws Exception {
    Dataset<Row> rows = rows(3000, "mm1m0mmm");
    Plans plans = single(new StoreLocation.Directory(folder.toString()), csv(), Encoding.GZIP);
    deliver(rows, plans);
    assertThat(onlyMember(Files.readAllBytes(folder.resolve("all.csv"))))
        .isEqualTo(expectedCsv(rows));
    assertNothingHidden();
  }

  @Test
  void arraysHaveTheirSeparators() throws Exception {
    Dataset<Row> rows = rows(10, "1m0m1110");
    deliver(
        rows,
        single(
            new StoreLocation.Directory(folder.toString()),
            new OutputFormat.JsonArray(),
            Encoding.NONE));
    JsonNode array = new ObjectMapper().readTree(folder.resolve("all.json").toFile());
    assertThat(array).hasSize((int) rows.count());
    assertThat(array.get(1).get("id").asLong()).isEqualTo(10);
  }

  @Test
  void noRowsMakeAHeader() throws Exception {
    deliver(
        rows(10, "00000000"),
        single(new StoreLocation.Directory(folder.toString()), csv(), Encoding.NONE));
    assertThat(folder.resolve("all.csv")).hasContent("id,name\n");
    assertNothingHidden();
  }

  /** Runs of more than 5 MiB are parts where they are; smaller ones go between. */
  @Test
  void partsOfLargeAndSmallTasksAreOneObject() throws Exception {
    for (String sizes : List.of("mmmmmmmm", "1m1111m0", "0000000m", "11111111")) {
      Dataset<Row> rows = rows(60_000, sizes);
      StoreLocation location = SANDBOX.location("single-" + sizes);
      DestinationResult result = deliver(rows, single(location, csv(), Encoding.NONE));
      byte[] object = object(location);
      assertThat(Arrays.equals(object, expectedCsv(rows))).as(sizes).isTrue();
      assertThat(result.files().get(0).crc32()).isEqualTo(Checksums.crc32(object));
      assertThat(result.files().get(0).bytes()).isEqualTo(object.length);
      deliver(rows, single(location, csv(), Encoding.GZIP));
      assertThat(Arrays.equals(onlyMember(object(location)), expectedCsv(rows))).as(sizes).isTrue();
    }
  }

  private static byte[] object(StoreLocation location) throws IOException {
    try (ObjectStore store = ObjectStores.open(location)) {
      return store.read("all.csv").orElseThrow();
    }
  }

  /** Read by one inflater, which stops behind the first member. */
  private static byte[] onlyMember(byte[] gzip) throws IOException {
    Inflater inflater = new Inflater(true);
    byte[] deflated = Arrays.copyOfRange(gzip, 10, gzip.length - 8);
    try (InputStream in = new InflaterInputStream(new ByteArrayInputStream(deflated), inflater)) {
      byte[] plain = in.readAllBytes();
      assertThat(inflater.finished()).isTrue();
      assertThat(inflater.getRemaining()).isZero();
      assertThat(new GZIPInputStream(new ByteArrayInputStream(gzip)).readAllBytes())
          .hasSize(plain.length);
      return plain;
    } finally {
      inflater.end();
    }
  }

  private void assertNothingHidden() throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      assertThat(files.filter(Files::isRegularFile).map(file -> file.getFileName().toString()))
          .containsExactlyInAnyOrder(".DONE", "all.csv");
    }
  }
}
