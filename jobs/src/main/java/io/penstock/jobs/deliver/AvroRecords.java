package io.penstock.jobs.deliver;

import io.penstock.common.config.OutputFormat;
import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.spark.sql.avro.SchemaConverters;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.DateType;
import org.apache.spark.sql.types.DecimalType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.types.TimestampNTZType;
import org.apache.spark.sql.types.TimestampType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Rows in Avro's binary encoding, in the schema that Spark's own writer gives them. */
final class AvroRecords {
  private static final String RECORD_NAME = "topLevelRecord";
  private static final byte[] NOTHING = new byte[0];

  private AvroRecords() {}

  static Schema schema(StructType columns, OutputFormat.Avro format) {
    StructType types = format.logicalTypes() ? columns : primitive(columns);
    return SchemaConverters.toAvroType(types, false, RECORD_NAME, "");
  }

  static RecordForm form(StructType columns, OutputFormat.Avro format) {
    List<Schema.Field> written = schema(columns, format).getFields();
    List<Field> fields = new ArrayList<>();
    for (StructField column : columns.fields()) {
      Schema schema = written.get(fields.size()).schema();
      boolean asText = !format.logicalTypes() && isLogical(column.dataType());
      fields.add(asText ? new TextOf(column, schema) : new Field(column, schema));
    }
    return new RecordForm(fields, NOTHING, NOTHING);
  }

  /** Columns whose decimals, dates and timestamps are text. */
  private static StructType primitive(StructType columns) {
    StructType primitive = new StructType();
    for (StructField column : columns.fields()) {
      DataType as = isLogical(column.dataType()) ? DataTypes.StringType : column.dataType();
      primitive = primitive.add(column.name(), as, column.nullable());
    }
    return primitive;
  }

  private static boolean isLogical(DataType type) {
    return type instanceof DecimalType
        || type instanceof DateType
        || type instanceof TimestampType
        || type instanceof TimestampNTZType;
  }

  private static class Field extends RecordField {
    final String name;
    private final @Nullable Integer branch;
    private final @Nullable Scalar scalar;
    private final ValueWriter writer;

    Field(StructField column, Schema schema) {
      this(column, schema, AvroWriters.scalar(column.dataType()), writer(column, schema));
    }

    Field(StructField column, Schema schema, @Nullable Scalar scalar, ValueWriter writer) {
      super(column.dataType());
      this.name = column.name();
      this.branch = AvroWriters.valueBranch(schema);
      this.scalar = scalar;
      this.writer = writer;
    }

    private static ValueWriter writer(StructField column, Schema schema) {
      return AvroWriters.of(column.dataType(), AvroWriters.ofValues(schema), column.name());
    }

    @Override
    public void putNull(ByteSink sink) {
      if (branch == null) {
        throw new IllegalStateException("NULL in column " + name + ", which has none");
      }
      AvroWriters.putLong(sink, 1 - branch);
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      if (branch != null) {
        AvroWriters.putLong(sink, branch);
      }
      return sink;
    }

    @Override
    public void end(ByteSink sink) {}

    @Override
    boolean isText() {
      return type() instanceof StringType;
    }

    @Override
    public void putText(ByteSink sink, UTF8String text) {
      AvroWriters.putString(begin(sink), text, name);
    }

    @Override
    Optional<String> method() {
      return Optional.ofNullable(scalar).map(Scalar::method);
    }

    @Override
    public void putValue(SpecializedGetters row, int ordinal, ByteSink sink) {
      writer.write(row, ordinal, sink);
    }
  }

  /** A value as the text that text files have; its length precedes it. */
  private static final class TextOf extends Field {
    private final ByteSink scratch = new ByteSink();

    TextOf(StructField column, Schema schema) {
      this(column, schema, ScalarWriters.of(column.dataType()).orElseThrow());
    }

    private TextOf(StructField column, Schema schema, Scalar scalar) {
      super(column, schema, scalar, scalar.writer());
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      super.begin(sink);
      scratch.clear();
      return scratch;
    }

    @Override
    public void end(ByteSink sink) {
      AvroWriters.putString(sink, scratch.text(), name);
    }
  }
}
