package io.penstock.jobs.deliver;

import org.apache.spark.sql.catalyst.expressions.SpecializedGetters;

/** Writes one value, which is not null, of one type. */
@FunctionalInterface
interface ValueWriter {
  void write(SpecializedGetters row, int ordinal, ByteSink sink);
}
