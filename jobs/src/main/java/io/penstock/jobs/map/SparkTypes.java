package io.penstock.jobs.map;

import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.Optional;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.MapType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;

/** Which Spark type holds which Redshift type, and the other way round. */
final class SparkTypes {
  private SparkTypes() {}

  /** The Spark type of a template's type; {@code super} has none of its own. */
  static DataType of(RedshiftType type) {
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

  /** The Redshift type of a column without a type in the template; empty where there is none. */
  static Optional<RedshiftType> redshiftType(DataType type) {
    if (type instanceof DecimalType decimal) {
      return decimal.scale() >= 0 && decimal.scale() <= 37
          ? Optional.of(RedshiftType.decimal(decimal.precision(), decimal.scale()))
          : Optional.empty();
    }
    if (isNested(type)) {
      return holdsOnlyKnown(type) ? Optional.of(RedshiftType.of(Kind.SUPER)) : Optional.empty();
    }
    if (type.equals(DataTypes.StringType)) {
      return Optional.of(RedshiftType.varchar(RedshiftType.VARCHAR_MAX));
    }
    return kind(type).map(RedshiftType::of);
  }

  private static Optional<Kind> kind(DataType type) {
    return switch (type.typeName()) {
      case "byte", "short" -> Optional.of(Kind.SMALLINT);
      case "integer" -> Optional.of(Kind.INTEGER);
      case "long" -> Optional.of(Kind.BIGINT);
      case "float" -> Optional.of(Kind.REAL);
      case "double" -> Optional.of(Kind.DOUBLE);
      case "boolean" -> Optional.of(Kind.BOOLEAN);
      case "date" -> Optional.of(Kind.DATE);
      case "timestamp" -> Optional.of(Kind.TIMESTAMPTZ);
      case "timestamp_ntz" -> Optional.of(Kind.TIMESTAMP);
      case "binary" -> Optional.of(Kind.VARBYTE);
      default -> Optional.empty();
    };
  }

  static boolean isNested(DataType type) {
    return type instanceof StructType || type instanceof ArrayType || type instanceof MapType;
  }

  /** Whether every type within a nested type is one that a destination can write. */
  static boolean holdsOnlyKnown(DataType type) {
    if (type instanceof StructType struct) {
      for (StructField field : struct.fields()) {
        if (!holdsOnlyKnown(field.dataType())) {
          return false;
        }
      }
      return true;
    }
    if (type instanceof ArrayType array) {
      return holdsOnlyKnown(array.elementType());
    }
    if (type instanceof MapType map) {
      return holdsOnlyKnown(map.keyType()) && holdsOnlyKnown(map.valueType());
    }
    return redshiftType(type).isPresent();
  }

  /** A type as the job file writes it. */
  static String name(RedshiftType type) {
    return type.kind() == Kind.DOUBLE ? "double" : type.toString();
  }
}
