package io.penstock.jobs.read.redshift;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.JsonText;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import io.penstock.jobs.redshift.ResultColumn;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.Metadata;
import org.apache.spark.sql.types.MetadataBuilder;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** What the columns of a source become in Spark. */
final class SourceTypes {
  private static final int WIDEST_DECIMAL = 38;

  /** Of a number that the server tells no scale of: as many digits before the point as after. */
  private static final int UNTOLD_SCALE = 18;

  private SourceTypes() {}

  /**
   * The columns of a result.
   *
   * @throws PenstockException {@code SOURCE_UNREADABLE} for a type that Spark has no type for, and
   *     for two columns of one name
   */
  static List<SourceColumn> columns(String source, List<ResultColumn> result) {
    List<SourceColumn> columns = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (ResultColumn column : result) {
      if (!names.add(Identifiers.fold(column.name()))) {
        throw refused(
            source,
            "it has two columns " + column.name(),
            "give each column of the query a name of its own with AS");
      }
      columns.add(
          column(column)
              .orElseThrow(
                  () ->
                      refused(
                          source,
                          "column " + column.name() + " is of type " + column.type(),
                          "write query = a SELECT that leaves the column out, or casts it")));
    }
    return List.copyOf(columns);
  }

  private static PenstockException refused(String source, String reason, String remedy) {
    return PenstockException.of(
        ErrorCode.SOURCE_UNREADABLE, "Source " + source + " cannot be read", reason, remedy);
  }

  private static Optional<SourceColumn> column(ResultColumn column) {
    String name = column.name();
    return switch (column.type()) {
      case "time", "timetz" -> Optional.of(SourceColumn.ofTime(name));
      case "numeric" -> Optional.of(SourceColumn.of(name, decimal(column)));
      case "char", "bpchar" -> Optional.of(SourceColumn.of(name, character(column)));
      case "varchar", "text", "name" -> Optional.of(SourceColumn.of(name, varchar(column)));
      default -> kind(column.type()).map(kind -> SourceColumn.of(name, RedshiftType.of(kind)));
    };
  }

  private static RedshiftType decimal(ResultColumn column) {
    boolean told =
        column.precision() > 0
            && column.precision() <= WIDEST_DECIMAL
            && column.scale() >= 0
            && column.scale() <= Math.min(column.precision(), WIDEST_DECIMAL - 1);
    return told
        ? RedshiftType.decimal(column.precision(), column.scale())
        : RedshiftType.decimal(WIDEST_DECIMAL, UNTOLD_SCALE);
  }

  private static RedshiftType character(ResultColumn column) {
    int length = column.precision();
    return length > 0 && length <= RedshiftType.CHAR_MAX
        ? RedshiftType.character(length)
        : varchar(column);
  }

  private static RedshiftType varchar(ResultColumn column) {
    int length = column.precision();
    return RedshiftType.varchar(
        length > 0 && length < RedshiftType.VARCHAR_MAX ? length : RedshiftType.VARCHAR_MAX);
  }

  private static Optional<Kind> kind(String type) {
    return switch (type) {
      case "int2" -> Optional.of(Kind.SMALLINT);
      case "int4" -> Optional.of(Kind.INTEGER);
      case "int8", "oid" -> Optional.of(Kind.BIGINT);
      case "float4" -> Optional.of(Kind.REAL);
      case "float8" -> Optional.of(Kind.DOUBLE);
      case "bool" -> Optional.of(Kind.BOOLEAN);
      case "date" -> Optional.of(Kind.DATE);
      case "timestamp" -> Optional.of(Kind.TIMESTAMP);
      case "timestamptz" -> Optional.of(Kind.TIMESTAMPTZ);
      case "super" -> Optional.of(Kind.SUPER);
      case "varbyte" -> Optional.of(Kind.VARBYTE);
      default -> Optional.empty();
    };
  }

  static StructType schema(List<SourceColumn> columns) {
    return new StructType(columns.stream().map(SourceTypes::field).toArray(StructField[]::new));
  }

  private static StructField field(SourceColumn column) {
    Metadata metadata =
        column.type().kind() == Kind.SUPER
            ? new MetadataBuilder().putBoolean(JsonText.METADATA, true).build()
            : Metadata.empty();
    return new StructField(column.name(), type(column.type()), true, metadata);
  }

  static DataType type(RedshiftType type) {
    return switch (type.kind()) {
      case SMALLINT -> DataTypes.ShortType;
      case INTEGER -> DataTypes.IntegerType;
      case BIGINT -> DataTypes.LongType;
      case DECIMAL -> DataTypes.createDecimalType(type.length(), type.scale());
      case REAL -> DataTypes.FloatType;
      case DOUBLE -> DataTypes.DoubleType;
      case BOOLEAN -> DataTypes.BooleanType;
      case CHAR, VARCHAR, SUPER -> DataTypes.StringType;
      case DATE -> DataTypes.DateType;
      case TIMESTAMP -> DataTypes.TimestampNTZType;
      case TIMESTAMPTZ -> DataTypes.TimestampType;
      case VARBYTE -> DataTypes.BinaryType;
    };
  }
}
