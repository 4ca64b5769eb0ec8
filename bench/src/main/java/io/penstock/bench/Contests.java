package io.penstock.bench;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Every pair, in the order of the table. */
final class Contests {
  private static final String SPARK = "spark";
  private static final String DUCKDB = "duckdb";
  private static final String RDD = "rdd";
  private static final double MOST_OF_ZLIB = 1.25;

  private Contests() {}

  static List<Contest> all() {
    List<Contest> all = new ArrayList<>();
    all.addAll(csv());
    all.addAll(ndjson());
    all.addAll(binary());
    all.addAll(staging());
    all.add(new PgpContest());
    all.add(ArchiveContest.zip());
    all.add(ArchiveContest.tgz());
    all.add(new TunnelContest());
    all.add(new UnloadContest("jdbc", "≥ 3"));
    all.add(new UnloadContest("jdbc-ranges", "–"));
    all.add(new EventsContest());
    for (Committer committer : Committer.values()) {
      all.add(new PartitionContest(committer));
    }
    for (String delivery : DeliveryHeap.DELIVERIES.keySet()) {
      all.add(new HeapContest(delivery));
    }
    all.add(new LoadHeapContest());
    all.add(SyncContest.toEvents());
    all.add(SyncContest.toFiles());
    return List.copyOf(all);
  }

  private static List<Contest> csv() {
    Delivery plain = Delivery.files(Delivery.CSV, Encoding.NONE, "csv");
    Delivery gzip = Delivery.files(Delivery.CSV, Encoding.GZIP, "csv.gz");
    Delivery single = Delivery.single(Delivery.CSV, Encoding.GZIP, "part.csv.gz");
    SparkWriter spark = SparkWriter.csv();
    SparkWriter zipped = spark.compressed("gzip");
    Judge rows = SameRows.CSV;
    Judge compact = rows.and(new GzipSize(MOST_OF_ZLIB));
    return List.of(
        FileContest.of("csv", SPARK, plain, spark, "≥ 3", rows),
        FileContest.of(
            "csv", DUCKDB, plain, new DuckDbCopy("FORMAT csv, HEADER", ""), "≥ 1.2", rows),
        FileContest.of("csv.gz", SPARK, gzip, zipped, "≥ 8", compact),
        FileContest.of("csv.gz.single", SPARK, single, zipped.coalesced(), "≥ 10", compact),
        FileContest.of(
            "csv.gz.single",
            DUCKDB,
            single,
            new DuckDbCopy("FORMAT csv, HEADER, COMPRESSION gzip", "part.csv.gz"),
            "≥ 15",
            compact));
  }

  private static List<Contest> ndjson() {
    OutputFormat ndjson = new OutputFormat.Ndjson();
    SparkWriter spark = SparkWriter.of("json", Map.of());
    return List.of(
        FileContest.of(
            "ndjson",
            SPARK,
            Delivery.files(ndjson, Encoding.NONE, "json"),
            spark,
            "≥ 2",
            SameRows.NDJSON),
        FileContest.of(
            "ndjson.gz",
            SPARK,
            Delivery.files(ndjson, Encoding.GZIP, "json.gz"),
            spark.compressed("gzip"),
            "≥ 8",
            SameRows.NDJSON.and(new GzipSize(MOST_OF_ZLIB))));
  }

  private static List<Contest> staging() {
    OutputFormat parquet = new OutputFormat.Parquet(OutputFormat.Codec.SNAPPY);
    Delivery gzip = Delivery.staged(Delivery.CSV, Encoding.GZIP, "csv.gz");
    Delivery zstd = Delivery.staged(Delivery.CSV, Encoding.ZSTD, "csv.zst");
    return List.of(
        FileContest.of(
            "staging.csv",
            RDD,
            gzip,
            new RoundTrip(SparkWriter.csv().compressed("gzip")),
            "≥ 6",
            SameRows.CSV),
        FileContest.of(
            "staging.parquet",
            RDD,
            Delivery.staged(parquet, Encoding.NONE, "parquet"),
            new RoundTrip(SparkWriter.of("parquet", Map.of()).compressed("snappy")),
            "≥ 2",
            SameRows.PARQUET),
        FileContest.of("staging.zstd", "gzip", zstd, gzip, "–", SameRows.CSV));
  }

  private static List<Contest> binary() {
    OutputFormat parquet = new OutputFormat.Parquet(OutputFormat.Codec.SNAPPY);
    OutputFormat avro = new OutputFormat.Avro(OutputFormat.Codec.SNAPPY);
    Delivery columns = Delivery.files(parquet, Encoding.NONE, "parquet");
    SparkWriter spark = SparkWriter.of("parquet", Map.of()).compressed("snappy");
    return List.of(
        FileContest.of("parquet", SPARK, columns, spark, "–", SameRows.PARQUET),
        new FileContest(
            "parquet.casts",
            SPARK,
            columns,
            Lineitem.Form.TEXT,
            Optional.of(Casts.template()),
            spark.selecting(Lineitem.Form.TEXT, Casts.expressions()),
            "≥ 1.3",
            SameRows.PARQUET),
        FileContest.of(
            "avro",
            SPARK,
            Delivery.files(avro, Encoding.NONE, "avro"),
            SparkWriter.of("avro", Map.of()).compressed("snappy"),
            "≥ 1.5",
            new SameAvroRows()));
  }
}
