package io.penstock.jobs.read.redshift;

import io.penstock.common.plan.SourceFilter;
import io.penstock.common.schema.SourceColumn;
import java.util.List;

/** What is asked for of a source: some columns of some rows. */
record SourceRead(List<SourceColumn> columns, SourceFilter filter) {

  SourceRead {
    columns = List.copyOf(columns);
  }

  /** Whether the rows of this, as they are, hold those of the other. */
  boolean includes(SourceRead other) {
    return columns.equals(other.columns) && filter.includes(other.filter);
  }
}
