package io.penstock.jobs.deliver;

import io.penstock.common.schema.JsonText;
import io.penstock.jobs.deliver.ByteSink.Constant;
import io.penstock.jobs.deliver.ScalarWriters.Scalar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
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
    private final Constant start;
    private final Constant valueStart;
    private final boolean text;
    private final boolean quoted;
    private final ValueWriter writer;
    private final @Nullable Scalar scalar;

    Member(StructField column, byte[] start, String format) {
      super(column.dataType());
      this.name = column.name();
      boolean json =
          column.metadata().contains(JsonText.METADATA)
              && column.metadata().getBoolean(JsonText.METADATA);
      boolean string = column.dataType() instanceof StringType;
      this.text = string && !json;
      Scalar number = JsonWriters.number(column.dataType());
      this.scalar = number == null ? ScalarWriters.of(column.dataType()).orElse(null) : number;
      this.quoted = number == null && scalar != null;
      this.writer = writer(column, string && json, format);
      this.start = Constant.of(start);
      this.valueStart = quoted ? Constant.of(quotedStart(start)) : this.start;
    }

    /** Of what stands between {@link #begin} and {@link #end}. */
    private ValueWriter writer(StructField column, boolean json, String format) {
      if (json) {
        return JsonWriters.ofJson(name);
      }
      return scalar == null ? JsonWriters.of(column.dataType(), name, format) : scalar.writer();
    }

    private static byte[] quotedStart(byte[] start) {
      byte[] quoted = Arrays.copyOf(start, start.length + 1);
      quoted[start.length] = '"';
      return quoted;
    }

    @Override
    public void putNull(ByteSink sink) {
      sink.put(start);
      sink.put(JsonWriters.NULL);
    }

    @Override
    public ByteSink begin(ByteSink sink) {
      sink.put(valueStart);
      return sink;
    }

    @Override
    public void end(ByteSink sink) {
      if (quoted) {
        sink.put('"');
      }
    }

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
