package io.penstock.jobs.deliver;

import io.penstock.common.config.FileCount;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.plan.DeliveryPlan;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.apache.spark.sql.Column;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.catalyst.expressions.Attribute;
import org.apache.spark.sql.functions;
import org.apache.spark.sql.types.StructType;
import scala.collection.JavaConverters;

/**
 * Rows as tasks take them. Parquet takes them as they are. In the formats that are made of records,
 * the last two columns are the bytes of one record or more and the number of these, and only the
 * columns that make directories stand before them.
 *
 * @param schema of the rows and of the files
 */
record FileRows(Dataset<Row> rows, FileSchema schema, List<PartitionPath.Column> partitions) {
  private static final int BYTES_OF_RECORDS = 64 << 10;

  static FileRows of(Dataset<Row> rows, FileLayout layout, DeliveryPlan plan) {
    if (plan.format() instanceof OutputFormat.Parquet) {
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
    RecordForm.Recipe recipe = RecordForm.Recipe.of(plan.format(), files);
    columns.add(new Column(new RecordBytes(recorded, recipe)).as(freeName("record", partitions)));
    columns.add(functions.lit(1).as(freeName("records", partitions)));
    Dataset<Row> selected = rows.select(columns.toArray(Column[]::new));
    Dataset<Row> arranged =
        partitions.isEmpty()
            ? BatchRecords.of(rows, files.ordinals(), form(recipe, plan, selected.schema()))
                .orElse(selected)
            : selected;
    FileSchema schema =
        new FileSchema(arranged.schema(), files.columns(), List.of(), files.rowNumber());
    return new FileRows(arranged, schema, List.copyOf(partitions));
  }

  /** The ordinal of the records in rows that are arranged; their number comes next. */
  static int records(FileSchema schema) {
    return schema.rowType().size() - 2;
  }

  /**
   * A row holds one record where it may end a file, where rows are dealt out to files, and where it
   * is numbered, or counted by Avro.
   */
  private static BatchRecords.Form form(
      RecordForm.Recipe recipe, DeliveryPlan plan, StructType result) {
    FileCount files = plan.packing().files();
    boolean together =
        (files instanceof FileCount.Auto
                || files instanceof FileCount.Single
                || (files instanceof FileCount.ForCopy copy && copy.multiple() == 1))
            && !recipe.numbered()
            && !(plan.format() instanceof OutputFormat.Avro);
    byte[] separator =
        together ? Encoders.frame(plan.format(), recipe.columns()).separator() : new byte[0];
    return new BatchRecords.Form(recipe, separator, together ? BYTES_OF_RECORDS : 1, result);
  }

  /** The group first: each of its rows must be together. */
  private static List<PartitionPath.Column> separators(FileLayout layout) {
    List<PartitionPath.Column> separators = new ArrayList<>();
    layout.group().ifPresent(separators::add);
    separators.addAll(layout.partitions());
    return List.copyOf(separators);
  }

  private static String freeName(String wanted, List<PartitionPath.Column> partitions) {
    Set<String> taken = new HashSet<>();
    partitions.forEach(partition -> taken.add(partition.name().toLowerCase(Locale.ROOT)));
    String name = wanted;
    while (taken.contains(name)) {
      name += "_";
    }
    return name;
  }
}
