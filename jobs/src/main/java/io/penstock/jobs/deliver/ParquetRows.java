package io.penstock.jobs.deliver;

import org.apache.parquet.column.ColumnWriteStore;
import org.apache.parquet.column.ColumnWriter;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.RecordConsumer;
import org.apache.parquet.schema.MessageType;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.UnsafeRow;
import org.apache.spark.sql.execution.datasources.parquet.ParquetWriteSupport;
import org.apache.spark.sql.types.BinaryType;
import org.apache.spark.sql.types.BooleanType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.Decimal;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.DoubleType;
import org.apache.spark.sql.types.FloatType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.Platform;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Rows on their way to the columns of one row group. */
interface ParquetRows {
  void write(InternalRow row);

  /** Hands on what is held back; nothing may be written after. */
  default void flush() {}

  /** Bytes that are held back. */
  default long held() {
    return 0;
  }

  /** Of all row groups of a file. */
  @FunctionalInterface
  interface Factory {
    ParquetRows open(ColumnWriteStore columns, MessageType schema);
  }

  /**
   * @param support knows the columns; takes the rows of which one is nested
   */
  static Factory of(StructType columns, ParquetWriteSupport support) {
    ColumnForm[] forms = new ColumnForm[columns.size()];
    for (int i = 0; i < forms.length; i++) {
      ColumnForm form = form(columns.fields()[i]);
      if (form == null) {
        return nested(support);
      }
      forms[i] = form;
    }
    return (store, schema) -> new ParquetColumns(store, schema, forms);
  }

  private static Factory nested(ParquetWriteSupport support) {
    return (store, schema) -> {
      RecordConsumer records = new ColumnIOFactory().getColumnIO(schema).getRecordWriter(store);
      support.prepareForWrite(records);
      return new ParquetRows() {
        @Override
        public void write(InternalRow row) {
          support.write(row);
        }

        /** The consumer of records counts NULLs before it writes them. */
        @Override
        public void flush() {
          records.flush();
        }
      };
    };
  }

  /** How a value of a type that is not nested is stored. */
  @FunctionalInterface
  interface ColumnForm {
    /**
     * @param present the definition level of a value that is not NULL
     */
    void put(InternalRow row, int ordinal, ColumnWriter column, int present);
  }

  /** Null for a type that only Spark's own write support knows. */
  private static @Nullable ColumnForm form(StructField field) {
    DataType type = field.dataType();
    if (type instanceof DecimalType decimal) {
      return decimal(decimal);
    }
    if (type instanceof StringType) {
      return (row, i, to, present) -> to.write(bytes(row.getUTF8String(i)), 0, present);
    }
    if (type instanceof BinaryType) {
      return (row, i, to, present) ->
          to.write(Binary.fromReusedByteArray(row.getBinary(i)), 0, present);
    }
    if (type instanceof BooleanType) {
      return (row, i, to, present) -> to.write(row.getBoolean(i), 0, present);
    }
    if (type instanceof FloatType) {
      return (row, i, to, present) -> to.write(row.getFloat(i), 0, present);
    }
    if (type instanceof DoubleType) {
      return (row, i, to, present) -> to.write(row.getDouble(i), 0, present);
    }
    return switch (type.typeName()) {
      case "byte" -> (row, i, to, present) -> to.write(row.getByte(i), 0, present);
      case "short" -> (row, i, to, present) -> to.write(row.getShort(i), 0, present);
      case "integer", "date" -> (row, i, to, present) -> to.write(row.getInt(i), 0, present);
      case "long", "timestamp", "timestamp_ntz" ->
          (row, i, to, present) -> to.write(row.getLong(i), 0, present);
      default -> null;
    };
  }

  /** The smallest physical type (Parquet format, "Logical Types": DECIMAL). */
  private static @Nullable ColumnForm decimal(DecimalType type) {
    if (type.precision() > Decimal.MAX_LONG_DIGITS()) {
      return null;
    }
    return type.precision() > Decimal.MAX_INT_DIGITS()
        ? (row, i, to, present) -> to.write(unscaled(row, i, type), 0, present)
        : (row, i, to, present) -> to.write((int) unscaled(row, i, type), 0, present);
  }

  /** Where a decimal fits into a long, an unsafe row keeps that. */
  private static long unscaled(InternalRow row, int ordinal, DecimalType type) {
    return row instanceof UnsafeRow
        ? row.getLong(ordinal)
        : row.getDecimal(ordinal, type.precision(), type.scale()).toUnscaledLong();
  }

  /**
   * The bytes where they lie: Parquet copies what it keeps of a value that is said to be reused.
   */
  private static Binary bytes(UTF8String text) {
    if (text.getBaseObject() instanceof byte[] bytes) {
      int from = (int) (text.getBaseOffset() - Platform.BYTE_ARRAY_OFFSET);
      return Binary.fromReusedByteArray(bytes, from, text.numBytes());
    }
    return Binary.fromReusedByteArray(text.getBytes());
  }
}
