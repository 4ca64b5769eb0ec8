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
 * The group of a row and its directories, {@code column=value/}, escaped as Hive and Spark do. The
 * place of the row before is kept, so that rows in order cost a comparison each.
 */
final class PartitionPath {
  private static final String NONE = "__HIVE_DEFAULT_PARTITION__";
  private static final String ESCAPED = "\"#%'*/:=?\\{[]^";
  private static final int MOST_BYTES_OF_A_NAME = 255;

  private final Column[] columns;
  private final @Nullable Object[] values;
  private final boolean grouped;
  private @Nullable Place place;

  /** A column that rows are separated by. */
  record Column(String name, int ordinal, DataType type) implements Serializable {
    private static final long serialVersionUID = 1L;
  }

  /**
   * @param columns in the order of the directories
   * @param grouped whether the first column is that of the groups, which is no directory
   */
  PartitionPath(List<Column> columns, boolean grouped) {
    this.columns = columns.toArray(new Column[0]);
    this.values = new Object[columns.size()];
    this.grouped = grouped;
  }

  Place of(InternalRow row) {
    Place last = place;
    if (last != null && isSame(row)) {
      return last;
    }
    String group = "";
    StringBuilder directories = new StringBuilder();
    for (int i = 0; i < columns.length; i++) {
      Column column = columns[i];
      values[i] = row.isNullAt(column.ordinal) ? null : copy(row.get(column.ordinal, column.type));
      if (grouped && i == 0) {
        group = name("", column, row);
      } else {
        directories.append(name(escape(column.name) + "=", column, row)).append('/');
      }
    }
    Place next = new Place(group, directories.toString());
    place = next;
    return next;
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

  private static String name(String start, Column column, InternalRow row) {
    String name = start + value(column, row);
    if (name.getBytes(StandardCharsets.UTF_8).length > MOST_BYTES_OF_A_NAME) {
      throw DeliveryErrors.keyRefused(
          "a value of column \"" + column.name + "\" makes no name",
          "it is longer than 255 bytes, with the column's name where it is a directory",
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
