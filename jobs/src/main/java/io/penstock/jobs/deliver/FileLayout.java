package io.penstock.jobs.deliver;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.ByteType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.IntegerType;
import org.apache.spark.sql.types.LongType;
import org.apache.spark.sql.types.ShortType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;

/** Which columns become directories and which go into the files. */
record FileLayout(
    DeliveryKeys keys,
    FileSchema schema,
    List<PartitionPath.Column> partitions,
    Optional<PartitionPath.Column> group) {

  static FileLayout of(StructType rows, DeliveryPlan plan, SparkSession spark) {
    List<PartitionPath.Column> partitions = new ArrayList<>();
    for (String name : plan.partitionBy()) {
      partitions.add(partition(rows, name, "partition-by of " + plan.destination(), spark));
    }
    Optional<PartitionPath.Column> group =
        plan.grouping()
            .map(grouping -> partition(rows, grouping.column(), "campaign.group-column", spark));
    List<StructField> fields = new ArrayList<>();
    List<Integer> ordinals = new ArrayList<>();
    for (int i = 0; i < rows.size(); i++) {
      int ordinal = i;
      boolean names =
          partitions.stream().anyMatch(column -> column.ordinal() == ordinal)
              || group
                  .filter(column -> column.ordinal() == ordinal && leavesFiles(plan))
                  .isPresent();
      if (!names) {
        fields.add(rows.apply(i));
        ordinals.add(i);
      }
    }
    if (fields.isEmpty()) {
      throw refused(
          "no column is left for the files of " + plan.destination(),
          "partition-by names every column",
          "take a column out of partition-by");
    }
    StructType files = new StructType(fields.toArray(new StructField[0]));
    refuseRowNumber(plan, rows);
    boolean archive = plan.packing().entries() != null;
    return new FileLayout(
        DeliveryKeys.of(
            plan,
            archive ? List.of() : partitions.stream().map(PartitionPath.Column::name).toList()),
        new FileSchema(rows, files, List.copyOf(ordinals), plan.packing().rowNumberColumn()),
        List.copyOf(partitions),
        group);
  }

  private static boolean leavesFiles(DeliveryPlan plan) {
    return plan.grouping().filter(grouping -> !grouping.known().isEmpty()).isPresent();
  }

  private static PartitionPath.Column partition(
      StructType rows, String name, String key, SparkSession spark) {
    boolean exact = spark.sessionState().conf().caseSensitiveAnalysis();
    for (int i = 0; i < rows.size(); i++) {
      StructField field = rows.apply(i);
      if (exact ? field.name().equals(name) : field.name().equalsIgnoreCase(name)) {
        if (!canName(field.dataType())) {
          throw refused(
              key + " names column \"" + name + "\"",
              "its type is " + field.dataType().simpleString() + ", which names no directory",
              "partition by text, whole numbers, decimals, booleans, dates or timestamps");
        }
        return new PartitionPath.Column(field.name(), i, field.dataType());
      }
    }
    throw refused(
        key + " names column \"" + name + "\"",
        "the rows have no such column",
        "name one of: " + String.join(", ", rows.fieldNames()));
  }

  /** Readers see the columns that make directories beside those of the files. */
  private static void refuseRowNumber(DeliveryPlan plan, StructType rows) {
    String name = plan.packing().rowNumberColumn();
    if (name != null
        && Arrays.stream(rows.fieldNames()).anyMatch(column -> column.equalsIgnoreCase(name))) {
      throw refused(
          "row-number-column of " + plan.destination() + " is \"" + name + "\"",
          "the rows have a column of that name",
          "choose a name of its own, such as row_number");
    }
  }

  private static boolean canName(DataType type) {
    return type instanceof StringType
        || type instanceof IntegerType
        || type instanceof LongType
        || type instanceof ShortType
        || type instanceof ByteType
        || type instanceof DecimalType
        || type instanceof BooleanType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static PenstockException refused(String problem, String reason, String remedy) {
    return PenstockException.of(ErrorCode.CONFIG_INVALID_VALUE, problem, reason, remedy);
  }
}
