package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import scala.collection.JavaConverters;

/**
 * Rows as tasks take them. Parquet takes them as they are. In the formats that are made of records
 * the last column is the record, and only the columns that make directories stand before it.
 *
 * @param schema of the rows and of the files
 */
record FileRows(Dataset<Row> rows, FileSchema schema, List<PartitionPath.Column> partitions) {

  static FileRows of(Dataset<Row> rows, FileLayout layout, OutputFormat format) {
    if (format instanceof OutputFormat.Parquet) {
      return new FileRows(rows, layout.schema(), separators(layout));
    }
    List<Attribute> attributes =
        JavaConverters.seqAsJavaList(rows.queryExecution().analyzed().output());
    List<Column> columns = new ArrayList<>();
    List<PartitionPath.Column> partitions = new ArrayList<>();
    for (PartitionPath.Column partition : separators(layout)) {
      partitions.add(new PartitionPath.Column(partition.name(), columns.size(), partition.type()));
      columns.add(new Column(attributes.get(partition.ordinal())));
    }
    FileSchema files = layout.schema();
    List<Attribute> recorded = files.ordinals().stream().map(attributes::get).toList();
    RecordBytes record = new RecordBytes(recorded, RecordForm.Recipe.of(format, files));
    columns.add(new Column(record).as(freeName(partitions)));
    Dataset<Row> arranged = rows.select(columns.toArray(Column[]::new));
    FileSchema schema =
        new FileSchema(arranged.schema(), files.columns(), List.of(), files.rowNumber());
    return new FileRows(arranged, schema, List.copyOf(partitions));
  }

  /** The group first: each of its rows must be together. */
  private static List<PartitionPath.Column> separators(FileLayout layout) {
    List<PartitionPath.Column> separators = new ArrayList<>();
    layout.group().ifPresent(separators::add);
    separators.addAll(layout.partitions());
    return List.copyOf(separators);
  }

  private static String freeName(List<PartitionPath.Column> partitions) {
    Set<String> taken = new HashSet<>();
    partitions.forEach(partition -> taken.add(partition.name().toLowerCase(Locale.ROOT)));
    String name = "record";
    while (taken.contains(name)) {
      name += "_";
    }
    return name;
  }
}
