package io.penstock.jobs.deliver;

import io.penstock.common.schema.JsonText;
import io.penstock.jobs.deliver.JsonWriters.JsonObject;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.sql.types.StructField;

/** Rows as JSON objects: one on each line, or all in one array with one on each line. */
final class JsonEncoder implements RowEncoder {
  private final OutputStream out;
  private final boolean array;
  private final JsonObject object;
  private final ByteSink sink = new ByteSink();
  private boolean first = true;

  private JsonEncoder(JsonObject object, boolean array, OutputStream out) {
    this.out = out;
    this.array = array;
    this.object = object;
  }

  static RowEncoder.Factory factory(FileSchema schema, boolean array) {
    String format = array ? "JSON" : "NDJSON";
    List<JsonObject.Member> members = new ArrayList<>();
    for (StructField field : schema.fileType().fields()) {
      int position = members.size();
      members.add(
          JsonObject.member(
              position, schema.ordinals().get(position), field.name(), writer(field, format)));
    }
    JsonObject object = new JsonObject(members);
    return out -> new JsonEncoder(object, array, out);
  }

  private static ValueWriter writer(StructField field, String format) {
    boolean json =
        field.metadata().contains(JsonText.METADATA)
            && field.metadata().getBoolean(JsonText.METADATA);
    return json && field.dataType() instanceof StringType
        ? JsonWriters.ofJson(field.name())
        : JsonWriters.of(field.dataType(), field.name(), format);
  }

  @Override
  public void write(InternalRow row) throws IOException {
    if (array) {
      sink.put(first ? '[' : ',');
      sink.put('\n');
      first = false;
    }
    object.put(row, sink);
    if (!array) {
      sink.put('\n');
    }
    sink.endRow(out);
  }

  @Override
  public void finish() throws IOException {
    if (array) {
      sink.putAscii(first ? "[]\n" : "\n]\n");
    }
    sink.handOn(out);
  }

  @Override
  public void close() {}
}
