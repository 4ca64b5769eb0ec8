package io.penstock.jobs.events;

import java.util.Set;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.catalyst.plans.logical.AppendData;
import org.apache.spark.sql.connector.catalog.SupportsWrite;
import org.apache.spark.sql.connector.catalog.TableCapability;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.LogicalWriteInfo;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.Write;
import org.apache.spark.sql.connector.write.WriteBuilder;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.apache.spark.sql.execution.CommandExecutionMode;
import org.apache.spark.sql.execution.datasources.v2.DataSourceV2Relation;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.sql.util.CaseInsensitiveStringMap;
import scala.Option;

/**
 * One Spark write whose tasks send. It has no options: the write key is known only to the writer
 * factory, which no plan, configuration or user interface shows.
 */
final class EventsWrite implements Write, BatchWrite {
  private final SendSettings settings;
  private final StructType keys;
  private TaskTally tally = TaskTally.NOTHING;

  private EventsWrite(SendSettings settings, StructType keys) {
    this.settings = settings;
    this.keys = keys;
  }

  /**
   * Sends records, each at least once.
   *
   * @param records of {@link EventRecords}
   * @return what became of them, from what the tasks committed
   */
  static TaskTally send(SparkSession spark, Dataset<Row> records, SendSettings settings) {
    StructType keys = (StructType) records.schema().apply(EventRecords.KEY).dataType();
    EventsWrite write = new EventsWrite(settings, keys);
    try {
      DataSourceV2Relation relation =
          DataSourceV2Relation.create(
              new Target(settings.toString(), records.schema(), write),
              Option.empty(),
              Option.empty(),
              CaseInsensitiveStringMap.empty());
      AppendData append =
          AppendData.byPosition(relation, records.logicalPlan(), AppendData.byPosition$default$3());
      spark.sessionState().executePlan(append, CommandExecutionMode.ALL()).assertCommandExecuted();
    } catch (Exception e) {
      throw EventsErrors.own(e).orElseThrow(() -> EventsWrite.<RuntimeException>unchanged(e));
    }
    return write.tally;
  }

  /**
   * What the query or Spark failed with is for the caller to explain. Spark, being Scala, throws
   * checked exceptions that its Java interface does not declare.
   */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"})
  private static <E extends Exception> E unchanged(Exception failure) throws E {
    throw (E) failure;
  }

  @Override
  public String description() {
    return settings.toString();
  }

  /** What Spark logs. */
  @Override
  public String toString() {
    return settings.toString();
  }

  @Override
  public BatchWrite toBatch() {
    return this;
  }

  @Override
  public DataWriterFactory createBatchWriterFactory(PhysicalWriteInfo info) {
    return new EventsWriterFactory(settings, keys, info.numPartitions());
  }

  /** Tasks ask for themselves, before they send: see {@link SendingRight}. */
  @Override
  public boolean useCommitCoordinator() {
    return false;
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    for (WriterCommitMessage message : messages) {
      tally = tally.plus((TaskTally) message);
    }
  }

  @Override
  public void abort(WriterCommitMessage[] messages) {}

  private record Target(String name, StructType schema, EventsWrite write)
      implements SupportsWrite {
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
        public Write build() {
          return write;
        }
      };
    }
  }
}
