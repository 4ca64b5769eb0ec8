package io.penstock.bench;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.PgpConfig;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.SecretResolver;
import io.penstock.common.text.TextDialect;
import io.penstock.jobs.deliver.DeliveryEngine;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;

/** Our side of a pair: what Penstock delivers, and how. */
record Delivery(
    OutputFormat format,
    Packing packing,
    FileName fileName,
    Optional<PgpConfig> pgp,
    List<String> partitionBy)
    implements Peer {
  static final OutputFormat CSV = new OutputFormat.Text("csv", TextDialect.csv());
  static final SecretResolver SECRETS =
      new LocalSecrets(
          secret -> {
            throw new IllegalStateException("a benchmark has no remote secrets");
          });

  /** As many files as suit. */
  static Delivery files(OutputFormat format, Encoding encoding, String extension) {
    return new Delivery(
        format,
        Packing.plain(encoding),
        new FileName("part_", "." + extension, true),
        Optional.empty(),
        List.of());
  }

  /** As a load stages rows for COPY. */
  static Delivery staged(OutputFormat format, Encoding encoding, String extension) {
    return new Delivery(
        format,
        Packing.plain(new FileCount.ForCopy(1), encoding),
        new FileName("part_", "." + extension, true),
        Optional.empty(),
        List.of());
  }

  /**
   * One object; where the encoding makes an archive, it holds one file.
   *
   * @param name of the object
   */
  static Delivery single(OutputFormat format, Encoding encoding, String name) {
    FileName entries =
        encoding.isArchive() ? new FileName("part." + format.extension(), "", false) : null;
    return new Delivery(
        format,
        new Packing(new FileCount.Single(), encoding, entries, null, Instant.EPOCH),
        new FileName(name, "", false),
        Optional.empty(),
        List.of());
  }

  Delivery encrypted(PgpConfig with) {
    return new Delivery(format, packing, fileName, Optional.of(with), partitionBy);
  }

  Delivery partitioned(String column) {
    return new Delivery(format, packing, fileName, pgp, List.of(column));
  }

  @Override
  public void write(Setting setting, Folder target) {
    run(
        setting.spark(),
        setting.rows(Lineitem.Form.TYPED),
        new StoreLocation.Directory(target.path().toString()));
  }

  void run(SparkSession spark, Dataset<Row> rows, StoreLocation location) {
    DeliveryPlan plan =
        new DeliveryPlan(
            "bench",
            location,
            fileName,
            format,
            packing,
            pgp,
            Optional.empty(),
            partitionBy,
            WriteMode.OVERWRITE,
            Optional.of(".DONE"),
            Optional.empty());
    try (StagedDelivery staged = new DeliveryEngine(spark, SECRETS).stage(rows, plan)) {
      staged.publish();
      staged.finish();
    }
  }
}
