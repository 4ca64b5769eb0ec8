package io.penstock.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.DataFrameWriter;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** TPC-H lineitem in Parquet on the local disk, written where it is not there yet. */
final class Lineitem {
  private static final long SMALL_GROUP_BYTES = 2 << 20;
  private static final String GROUP_BYTES = "parquet.block.size";

  private final SparkSession spark;
  private final Path folder;
  private final double scale;
  private final Map<Form, Dataset<Row>> opened = new EnumMap<>(Form.class);

  Lineitem(SparkSession spark, Path folder, double scale) {
    this.spark = spark;
    this.folder = folder;
    this.scale = scale;
  }

  /** How the columns are stored. */
  enum Form {
    /** As the specification types them. */
    TYPED(""),
    /** All as text, as raw data arrive. */
    TEXT("text-"),
    /**
     * Typed, in row groups so small that what a reader holds does not depend on the size of the
     * table.
     */
    SMALL_GROUPS("small-groups-");

    private final String infix;

    Form(String infix) {
      this.infix = infix;
    }
  }

  /** The same table with as many times the rows. */
  Lineitem times(double factor) {
    return new Lineitem(spark, folder, scale * factor);
  }

  /** The rows; a form is opened once. */
  Dataset<Row> rows(Form form) {
    Dataset<Row> rows = opened.get(form);
    if (rows == null) {
      rows = open(form);
      opened.put(form, rows);
    }
    return rows;
  }

  /** The folder of the Parquet files of a form. */
  Path files(Form form) {
    rows(form);
    return path(form);
  }

  private Dataset<Row> open(Form form) {
    Path path = path(form);
    if (!Files.exists(path.resolve("_SUCCESS"))) {
      DataFrameWriter<Row> writer = generated(form).write().mode(SaveMode.Overwrite);
      (form == Form.SMALL_GROUPS ? writer.option(GROUP_BYTES, SMALL_GROUP_BYTES) : writer)
          .parquet(path.toString());
    }
    return spark.read().parquet(path.toString());
  }

  private Path path(Form form) {
    return folder.resolve("lineitem-" + form.infix + scale);
  }

  private Dataset<Row> generated(Form form) {
    if (form != Form.TEXT) {
      return new TpchData(spark, scale).table("lineitem");
    }
    Dataset<Row> typed = rows(Form.TYPED);
    return typed.select(
        Arrays.stream(typed.columns())
            .map(name -> typed.col(name).cast("string").as(name))
            .toArray(Column[]::new));
  }
}
