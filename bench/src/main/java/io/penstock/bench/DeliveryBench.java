package io.penstock.bench;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.text.TextDialect;
import io.penstock.jobs.deliver.DeliveryEngine;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/**
 * Penstock's delivery engine against Spark's own writers: the same lineitem rows from Parquet to
 * files of the same format in a local directory. Arguments: a folder for the source, a folder for
 * what is delivered, whether Spark's files are forced to the disk too ({@code synced} or {@code
 * as-is}; Penstock's always are), the TPC-H scale (0.5: three million rows), the rounds, and the
 * names of cases to run (none: all).
 */
public final class DeliveryBench {
  private static final String CSV_READER =
      "read_csv('%s/part*.csv*', header = true, all_varchar = true, quote = '\"', escape = '\"')";

  private final SparkSession spark;
  private final Path folder;
  private final boolean synced;
  private final int rounds;

  private DeliveryBench(SparkSession spark, Path folder, boolean synced, int rounds) {
    this.spark = spark;
    this.folder = folder;
    this.synced = synced;
    this.rounds = rounds;
  }

  public static void main(String[] arguments) throws Exception {
    Path source = Path.of(arguments[0]).toAbsolutePath();
    Path folder = Path.of(arguments[1]).toAbsolutePath();
    boolean synced = arguments[2].equals("synced");
    double scale = Double.parseDouble(arguments[3]);
    int rounds = Integer.parseInt(arguments[4]);
    List<String> wanted = List.of(arguments).subList(5, arguments.length);
    try (SparkSession spark = BenchSession.open("delivery-bench")) {
      DeliveryBench bench = new DeliveryBench(spark, folder, synced, rounds);
      Dataset<Row> rows = lineitem(spark, source, scale);
      System.out.printf(
          Locale.ROOT,
          "lineitem, %,d rows to %s, Spark %s, local[2], %d paired rounds; median [min–max]%n%n"
              + "| case | Penstock s | Spark s | ratio | parity |%n|---|---|---|---|---|%n",
          rows.count(),
          folder,
          synced ? "synced to the disk" : "as it is",
          rounds);
      for (Case one : cases()) {
        if (wanted.isEmpty() || wanted.contains(one.name())) {
          bench.run(one, rows);
        }
      }
    }
  }

  private record Case(
      String name,
      OutputFormat format,
      Encoding encoding,
      String extension,
      String sparkFormat,
      Map<String, String> sparkOptions,
      String reader) {}

  private static List<Case> cases() {
    OutputFormat csv = new OutputFormat.Text("csv", dialect());
    // without the two, Spark trims the blanks off values
    Map<String, String> header =
        Map.of(
            "header", "true",
            "escape", "\"",
            "ignoreLeadingWhiteSpace", "false",
            "ignoreTrailingWhiteSpace", "false");
    Map<String, String> zipped = new HashMap<>(header);
    zipped.put("compression", "gzip");
    return List.of(
        new Case("csv", csv, Encoding.NONE, "csv", "csv", header, CSV_READER),
        new Case("csv.gz", csv, Encoding.GZIP, "csv.gz", "csv", zipped, CSV_READER),
        new Case(
            "ndjson",
            new OutputFormat.Ndjson(),
            Encoding.NONE,
            "json",
            "json",
            Map.of(),
            "read_json('%s/part*.json', format = 'newline_delimited')"),
        new Case(
            "parquet",
            new OutputFormat.Parquet(OutputFormat.Codec.SNAPPY),
            Encoding.NONE,
            "parquet",
            "parquet",
            Map.of("compression", "snappy"),
            "read_parquet('%s/part*.parquet')"),
        new Case(
            "avro",
            new OutputFormat.Avro(OutputFormat.Codec.SNAPPY),
            Encoding.NONE,
            "avro",
            "avro",
            Map.of("compression", "snappy"),
            ""));
  }

  private static TextDialect dialect() {
    return new TextDialect(
        ',',
        true,
        '"',
        null,
        TextDialect.QuoteMode.MINIMAL,
        TextDialect.LineEnding.LF,
        "",
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  private void run(Case one, Dataset<Row> rows) throws Exception {
    String ours = folder.resolve("ours-" + one.name()).toString();
    String peer = folder.resolve("spark-" + one.name()).toString();
    Paired.Result result =
        new Paired(rounds).time(() -> deliver(one, rows, ours), () -> write(one, rows, peer));
    String parity = one.reader().isEmpty() ? avroParity(ours, peer) : parity(one, ours, peer);
    System.out.printf(
        "| %s | %s | %s | %s | %s |%n",
        one.name(), result.ours(), result.peer(), result.ratio(), parity);
    delete(Path.of(ours));
    delete(Path.of(peer));
  }

  private void write(Case one, Dataset<Row> rows, String directory) throws IOException {
    rows.write()
        .format(one.sparkFormat())
        .options(one.sparkOptions())
        .mode(SaveMode.Overwrite)
        .save(directory);
    if (synced) {
      try (Stream<Path> files = Files.list(Path.of(directory))) {
        for (Path file : files.toList()) {
          try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.force(true);
          }
        }
      }
    }
  }

  private static String parity(Case one, String ours, String peer) throws Exception {
    return Parity.check(one.reader(), ours, peer);
  }

  /** DuckDB has no Avro reader built in; Spark's reads both sides. */
  private String avroParity(String ours, String peer) {
    Dataset<Row> first = spark.read().format("avro").load(ours);
    Dataset<Row> second = spark.read().format("avro").load(peer);
    long differences = first.exceptAll(second).count() + second.exceptAll(first).count();
    if (differences > 0) {
      throw new IllegalStateException(
          differences + " rows differ between " + ours + " and " + peer);
    }
    return first.count() + " rows, equal by exceptAll";
  }

  private void deliver(Case one, Dataset<Row> rows, String directory) {
    DeliveryPlan plan =
        new DeliveryPlan(
            "bench",
            new StoreLocation.Directory(directory),
            new FileName("part_", "." + one.extension(), true),
            one.format(),
            Packing.plain(one.encoding()),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            WriteMode.OVERWRITE,
            Optional.of(".DONE"),
            Optional.empty());
    try (StagedDelivery staged =
        new DeliveryEngine(
                spark,
                secret -> {
                  throw new IllegalStateException("a directory needs no secret");
                })
            .stage(rows, plan)) {
      staged.publish();
      staged.finish();
    }
  }

  private static Dataset<Row> lineitem(SparkSession spark, Path source, double scale) {
    String path = source.resolve("lineitem-" + scale).toString();
    if (!Files.exists(Path.of(path, "_SUCCESS"))) {
      new TpchData(spark, scale).table("lineitem").write().mode(SaveMode.Overwrite).parquet(path);
    }
    return spark.read().parquet(path);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> paths = Files.walk(directory)) {
      for (Path path : paths.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
