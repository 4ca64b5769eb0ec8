package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One JSON object per row; as UNLOAD does it, a boolean is {@code t} or {@code f}. */
final class JsonEncoder implements RowEncoder {
  private final List<TargetColumn> columns;

  JsonEncoder(List<TargetColumn> columns) {
    this.columns = columns;
  }

  @Override
  public void header(StringBuilder line) {}

  @Override
  public void row(List<@Nullable String> row, StringBuilder line) {
    line.append('{');
    for (int index = 0; index < columns.size(); index++) {
      TargetColumn column = columns.get(index);
      if (index > 0) {
        line.append(',');
      }
      quote(column.name(), line);
      line.append(':');
      String value = row.get(index);
      if (value == null) {
        line.append("null");
      } else if (isBare(column, value)) {
        line.append(value);
      } else {
        quote(RowEncoder.value(column, value), line);
      }
    }
    line.append("}\n");
  }

  private static boolean isBare(TargetColumn column, String value) {
    return switch (column.type()) {
      case "int2", "int4", "int8", "jsonb" -> true;
      case "numeric", "float4", "float8" -> !value.equals("NaN") && !value.endsWith("Infinity");
      default -> false;
    };
  }

  private static void quote(String text, StringBuilder line) {
    line.append('"');
    JsonStringEncoder.getInstance().quoteAsString(text, line);
    line.append('"');
  }
}
