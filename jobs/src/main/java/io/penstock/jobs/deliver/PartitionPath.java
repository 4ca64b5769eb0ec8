package io.penstock.jobs.deliver;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.StringType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;

/**
 * The directories of a row, {@code column=value/}, escaped as Hive and Spark do. The path of the
 * row before is kept, so that rows in order cost a comparison each.
 */
final class PartitionPath {
  private static final String NONE = "__HIVE_DEFAULT_PARTITION__";
  private static final String ESCAPED = "\"#%'*/:=?\\{[]^";
  private static final int MOST_BYTES_OF_A_NAME = 255;

  private final Column[] columns;
  private final @Nullable Object[] values;
  private @Nullable String path;

  /** A column that rows are separated by. */
  record Column(String name, int ordinal, DataType type) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  PartitionPath(List<Column> columns) {
    this.columns = columns.toArray(new Column[0]);
    this.values = new Object[columns.size()];
  }

  /** The directories of the row, ending in a slash. */
  String of(InternalRow row) {
    String last = path;
    if (last != null && isSame(row)) {
      return last;
    }
    StringBuilder directories = new StringBuilder();
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      values[i] = row.isNullAt(column.ordinal) ? null : copy(row.get(column.ordinal, column.type));
      directories.append(directory(column, row)).append('/');
    }
    path = directories.toString();
    return path;
  }

  private boolean isSame(InternalRow row) {
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      Object value = row.isNullAt(column.ordinal) ? null : row.get(column.ordinal, column.type);
      if (!Objects.equals(value, values[i])) {
        return false;
      }
    }
    return true;
  }

  private static Object copy(Object value) {
    return value instanceof UTF8String text ? text.clone() : value;
  }

  private static String directory(Column column, InternalRow row) {
    String name = escape(column.name) + "=" + value(column, row);
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES_OF_A_NAME) {
      throw DeliveryErrors.keyRefused(
          "a value of partition column \"" + column.name + "\" makes no directory name",
          "column=value is longer than 255 bytes",
          "shorten the value in the query, or partition by another column");
    }
    return name;
  }

  private static String value(Column column, InternalRow row) {
    if (row.isNullAt(column.ordinal)) {
      return NONE;
    }
    if (column.type instanceof StringType) {
      UTF8String text = row.getUTF8String(column.ordinal);
      if (!Utf8.isValid(text.getBaseObject(), text.getBaseOffset(), text.numBytes())) {
        throw TextErrors.notUtf8(column.name);
      }
      return text.numBytes() == 0 ? NONE : escape(text.toString());
    }
    ByteSink sink = new ByteSink();
    ScalarWriters.of(column.type).orElseThrow().writer().write(row, column.ordinal, sink);
    return escape(sink.text().toString());
  }

  /** Control characters, and those that mean something in a path or to Hive, as {@code %XX}. */
  static String escape(String text) {
    StringBuilder escaped = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c < ' ' || c == 0x7F || ESCAPED.indexOf(c) >= 0) {
        escaped.append('%').append("%02X".formatted((int) c));
      } else {
        escaped.append(c);
      }
    }
    return escaped.toString();
  }
}
