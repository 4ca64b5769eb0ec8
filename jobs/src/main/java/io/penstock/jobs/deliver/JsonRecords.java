package io.penstock.jobs.deliver;

import io.penstock.common.schema.JsonText;
import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/** Rows as JSON objects. */
final class JsonRecords {
  private JsonRecords() {}

  static RecordForm form(StructType columns, boolean array, boolean numbered) {
    String format = array ? "JSON" : "NDJSON";
    List<Member> members = new ArrayList<>();
    for (StructField column : columns.fields()) {
      byte[] start = JsonWriters.memberStart(members.isEmpty() && !numbered, column.name());
      members.add(new Member(column, start, format));
    }
    return new RecordForm(members, bytes(numbered ? "" : "{"), bytes(array ? "}" : "}\n"));
  }

  /** The number of a row, which precedes its other members. */
  static RecordFile.NumberForm number(String column) {
    byte[] start = JsonWriters.memberStart(true, column);
    return (sink, value) -> {
      sink.put('{');
      sink.put(start);
      PlainText.putLong(sink, value);
    };
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  private static final class Member extends RecordField {
    private final String name;
    private final byte[] start;
    private final boolean text;
    private final ValueWriter writer;
    private final @Nullable Scalar scalar;

    Member(StructField column, byte[] start, String format) {
      super(column.dataType());
      this.name = column.name();
      this.start = start;
      boolean json =
          column.metadata().contains(JsonText.METADATA)
              && column.metadata().getBoolean(JsonText.METADATA);
      boolean string = column.dataType() instanceof StringType;
      this.text = string && !json;
      this.scalar = JsonWriters.number(column.dataType());
      this.writer =
          string && json
              ? JsonWriters.ofJson(name)
              : JsonWriters.of(column.dataType(), name, format);
    }

    @Override
    public void putNull(ByteSink sink) {
      sink.put(start);
      sink.put(JsonWriters.NULL);
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      sink.put(start);
      return sink;
    }

    @Override
    public void end(ByteSink sink) {}

    @Override
    boolean isText() {
      return text;
    }

    @Override
    public void putText(ByteSink sink, UTF8String value) {
      sink.put(start);
      JsonWriters.putString(sink, value, name);
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
}
