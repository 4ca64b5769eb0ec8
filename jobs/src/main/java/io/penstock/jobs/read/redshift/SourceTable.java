package io.penstock.jobs.read.redshift;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsRead;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.read.ScanBuilder;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;

/**
 * A source as Spark reads it: a DataSource V2 table that no format, option or class name leads to,
 * so that nothing of the connection is in a plan, a configuration or the user interface.
 */
final class SourceTable implements SupportsRead {
  private final OpenSource source;

  SourceTable(OpenSource source) {
    this.source = source;
  }

  @Override
  public String name() {
    return "redshift source " + source.name();
  }

  /** Spark asks for it in Java's old form. */
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return SourceTypes.schema(source.columns());
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_READ);
  }

  @Override
  public ScanBuilder newScanBuilder(CaseInsensitiveStringMap options) {
    return new SourceScanBuilder(source);
  }
}
