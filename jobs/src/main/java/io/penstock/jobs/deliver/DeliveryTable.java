package io.penstock.jobs.deliver;

import java.util.Set;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.types.StructType;

/**
 * What Spark writes to. It has no options: where the files go and with which credentials is known
 * only to the writer factory, which no plan, configuration or user interface shows.
 */
final class DeliveryTable implements SupportsWrite {
  private final String destination;
  private final DeliveryWrite write;
  private final StructType schema;

  DeliveryTable(String destination, StructType schema, DeliveryWrite write) {
    this.destination = destination;
    this.schema = schema;
    this.write = write;
  }

  @Override
  public String name() {
    return "delivery to " + destination;
  }

  /** Spark asks for it in Java's old form. */
  @Override
  @SuppressWarnings("deprecation")
  public StructType schema() {
    return schema;
  }

  @Override
  public Set<TableCapability> capabilities() {
    return Set.of(TableCapability.BATCH_WRITE, TableCapability.ACCEPT_ANY_SCHEMA);
  }

  @Override
  public WriteBuilder newWriteBuilder(LogicalWriteInfo info) {
    return new WriteBuilder() {
      @Override
      public DeliveryWrite build() {
        return write;
      }
    };
  }
}
