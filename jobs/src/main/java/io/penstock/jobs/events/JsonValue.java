package io.penstock.jobs.events;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Writes one value, which is not NULL, of one type as JSON. */
@FunctionalInterface
interface JsonValue {
  void write(SpecializedGetters row, int ordinal, JsonGenerator out) throws IOException;

  /** As {@link #write}, for a value that may be NULL. */
  default void writeOrNull(SpecializedGetters row, int ordinal, JsonGenerator out)
      throws IOException {
    if (row.isNullAt(ordinal)) {
      out.writeNull();
    } else {
      write(row, ordinal, out);
    }
  }
}
