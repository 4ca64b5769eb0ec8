package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;

/** Checks a field that is not NULL against its column and writes it as PostgreSQL COPY text. */
interface FieldConverter {

  void convert(Field field, RowBuffer out) throws RowFault;

  static FieldConverter of(TargetColumn column, Conversion conversion) throws SqlError {
    return switch (column.type()) {
      case "int2" -> new IntegerConverter(Short.MIN_VALUE, Short.MAX_VALUE, "Short");
      case "int4" -> new IntegerConverter(Integer.MIN_VALUE, Integer.MAX_VALUE, "Integer");
      case "int8" -> new IntegerConverter(Long.MIN_VALUE, Long.MAX_VALUE, "Long");
      case "numeric" -> new DecimalConverter(column, conversion.roundDecimals());
      case "float4" -> new FloatConverter(true);
      case "float8" -> new FloatConverter(false);
      case "bool" -> new BooleanConverter();
      case "varchar", "bpchar", "text" -> new TextConverter(column, conversion);
      case "date" -> new DateConverter(conversion);
      case "timestamp" -> new TimestampConverter(conversion, false);
      case "timestamptz" -> new TimestampConverter(conversion, true);
      case "time" -> new TimeConverter(false);
      case "timetz" -> new TimeConverter(true);
      case "jsonb" -> new SuperConverter();
      case "bytea" -> new VarbyteConverter();
      default ->
          throw new SqlError(
              "0A000",
              "COPY into column \""
                  + column.name()
                  + "\" of type "
                  + column.type()
                  + " is not supported by the sandbox");
    };
  }
}
