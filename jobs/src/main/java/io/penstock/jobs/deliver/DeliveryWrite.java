package io.penstock.jobs.deliver;

import io.penstock.common.config.FileCount;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.spark.sql.connector.distributions.Distribution;
import org.apache.spark.sql.connector.distributions.Distributions;
import org.apache.spark.sql.connector.expressions.Expression;
import org.apache.spark.sql.connector.expressions.Expressions;
import org.apache.spark.sql.connector.expressions.SortDirection;
import org.apache.spark.sql.connector.expressions.SortOrder;
import org.apache.spark.sql.connector.write.BatchWrite;
import org.apache.spark.sql.connector.write.DataWriterFactory;
import org.apache.spark.sql.connector.write.PhysicalWriteInfo;
import org.apache.spark.sql.connector.write.RequiresDistributionAndOrdering;
import org.apache.spark.sql.connector.write.WriterCommitMessage;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Spark write. Its commit publishes nothing; it only keeps what the tasks committed. Rows of
 * partitioned files arrive sorted by partition, so that a task has one file open at a time.
 */
final class DeliveryWrite implements RequiresDistributionAndOrdering, BatchWrite {
  private static final Logger LOG = LoggerFactory.getLogger(DeliveryWrite.class);

  private final WriterSettings settings;
  private final ObjectStore store;
  private List<StagedFile> files = List.of();
  private List<FilePiece> pieces = List.of();
  private int tasks;

  DeliveryWrite(WriterSettings settings, ObjectStore store) {
    this.settings = settings;
    this.store = store;
  }

  /** The files of all committed tasks, in the order of the tasks. */
  List<StagedFile> files() {
    return files;
  }

  /** The pieces of all committed tasks, in the order of the tasks. */
  List<FilePiece> pieces() {
    return pieces;
  }

  int tasks() {
    return tasks;
  }

  @Override
  public String description() {
    return "delivery";
  }

  @Override
  public Distribution requiredDistribution() {
    return settings.partitions().isEmpty() || settings.makesArchive()
        ? Distributions.unspecified()
        : Distributions.clustered(partitionColumns());
  }

  /** A large partition may be several files, unless its files have but one name. */
  @Override
  public boolean distributionStrictlyRequired() {
    return settings.packing().files() instanceof FileCount.Single || !settings.numbered();
  }

  @Override
  public long advisoryPartitionSizeInBytes() {
    return settings.partitions().isEmpty() || settings.makesArchive() ? 0 : FileSizing.TARGET_BYTES;
  }

  @Override
  public SortOrder[] requiredOrdering() {
    Expression[] columns = partitionColumns();
    SortOrder[] ordering = new SortOrder[columns.length];
    for (int i = 0; i < columns.length; i++) {
      ordering[i] = Expressions.sort(columns[i], SortDirection.ASCENDING);
    }
    return ordering;
  }

  private Expression[] partitionColumns() {
    List<PartitionPath.Column> partitions = settings.partitions();
    Expression[] columns = new Expression[partitions.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = Expressions.column("`" + partitions.get(i).name().replace("`", "``") + "`");
    }
    return columns;
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
    tasks = info.numPartitions();
    return new DeliveryWriterFactory(settings, tasks);
  }

  /**
   * Two attempts of a task may both complete their invisible uploads: Spark hands one message of
   * each task to {@link #commit}, and what it does not name is discarded with the open uploads. The
   * coordinator would deny a second attempt after a first that failed while completing, and hide
   * why.
   */
  @Override
  public boolean useCommitCoordinator() {
    return false;
  }

  @Override
  public void commit(WriterCommitMessage[] messages) {
    List<StagedFile> all = new ArrayList<>();
    List<FilePiece> joined = new ArrayList<>();
    for (WriterCommitMessage message : messages) {
      all.addAll(((TaskFiles) message).files());
      joined.addAll(((TaskFiles) message).pieces());
    }
    files = List.copyOf(all);
    pieces = List.copyOf(joined);
  }

  /** Discards what tasks committed before the job failed. */
  @Override
  public void abort(WriterCommitMessage[] messages) {
    for (WriterCommitMessage message : messages) {
      if (message instanceof TaskFiles task) {
        task.files().forEach(this::discard);
        task.pieces().forEach(this::discard);
      }
    }
  }

  private void discard(FilePiece piece) {
    try {
      store.discard(piece.piece());
    } catch (IOException e) {
      LOG.warn("Cannot discard a piece of {}: {}", settings, e.getMessage());
    }
  }

  private void discard(StagedFile file) {
    try {
      store.discard(file.object());
    } catch (IOException e) {
      LOG.warn("Cannot discard the unpublished {}: {}", file.object().key(), e.getMessage());
    }
  }
}
