package io.penstock.bench;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;

/** TPC-H lineitem in Parquet on the local disk, written where it is not there yet. */
final class Lineitem {
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
    TYPED,
    /** All as text, as raw data arrive. */
    TEXT
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

  /** The folder of the Parquet files. */
  Path typed() {
    rows(Form.TYPED);
    return path(Form.TYPED);
  }

  private Dataset<Row> open(Form form) {
    Path path = path(form);
    if (!Files.exists(path.resolve("_SUCCESS"))) {
      generated(form).write().mode(SaveMode.Overwrite).parquet(path.toString());
    }
    return spark.read().parquet(path.toString());
  }

  private Path path(Form form) {
    return folder.resolve("lineitem-" + (form == Form.TEXT ? "text-" : "") + scale);
  }

  private Dataset<Row> generated(Form form) {
    if (form == Form.TYPED) {
      return new TpchData(spark, scale).table("lineitem");
    }
    Dataset<Row> typed = rows(Form.TYPED);
    return typed.select(
        Arrays.stream(typed.columns())
            .map(name -> typed.col(name).cast("string").as(name))
            .toArray(Column[]::new));
  }
}
