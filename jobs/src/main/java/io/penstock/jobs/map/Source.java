package io.penstock.jobs.map;

import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DecimalType;

/** The families of Spark types that conversions tell apart. */
enum Source {
  BOOLEAN,
  INTEGRAL,
  FLOAT,
  DOUBLE,
  DECIMAL,
  TEXT,
  BYTES,
  DATE,
  TIMESTAMP,
  TIMESTAMPTZ,
  NESTED,
  OTHER;

  static Source of(DataType type) {
    if (type instanceof DecimalType) {
      return DECIMAL;
    }
    if (SparkTypes.isNested(type)) {
      return NESTED;
    }
    return switch (type.typeName()) {
      case "boolean" -> BOOLEAN;
      case "byte", "short", "integer", "long" -> INTEGRAL;
      case "float" -> FLOAT;
      case "double" -> DOUBLE;
      case "string" -> TEXT;
      case "binary" -> BYTES;
      case "date" -> DATE;
      case "timestamp_ntz" -> TIMESTAMP;
      case "timestamp" -> TIMESTAMPTZ;
      default -> OTHER;
    };
  }
}
