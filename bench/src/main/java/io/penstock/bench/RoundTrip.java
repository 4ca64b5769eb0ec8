package io.penstock.bench;

import java.util.Locale;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/**
 * A staging that goes through {@code df.rdd}: each row becomes an object, and a DataFrame of these
 * objects, with names in lower case, is written by Spark. The spark-redshift connector stages so.
 */
record RoundTrip(SparkWriter writer) implements Peer {
  @Override
  public void write(Setting setting, Folder target) {
    Dataset<Row> rows = setting.rows(writer.form());
    StructType folded = new StructType();
    for (StructField field : rows.schema().fields()) {
      folded =
          folded.add(field.name().toLowerCase(Locale.ROOT), field.dataType(), field.nullable());
    }
    setting
        .spark()
        .createDataFrame(rows.javaRDD(), folded)
        .write()
        .format(writer.format())
        .options(writer.options())
        .mode(SaveMode.Overwrite)
        .save(target.path().toString());
  }
}
