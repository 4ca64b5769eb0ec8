package io.penstock.jobs.app;

import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.plan.Grouping;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.SyncResult;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.sync.RowOperation;
import io.penstock.common.sync.RowOrigin;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.sync.Sync;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/** A run of a job with a sync. */
final class JobSync implements Syncing {
  private final RunPlan plan;
  private final Mode mode;
  private final Sync sync;
  private final Mapped all;
  private final Mapped read;
  private final boolean changing;
  private @Nullable Dataset<Row> changes;

  /**
   * @param changing whether the sources may give other rows when they are read again
   */
  JobSync(RunPlan plan, Sync sync, Mapped all, boolean changing) {
    this.plan = plan;
    this.mode = plan.jobFile().sync().orElseThrow().mode();
    this.sync = sync;
    this.all = all;
    this.changing = changing;
    this.read = sync.isToBeRead().map(all::where).orElse(all);
  }

  @Override
  public Mapped read() {
    return read;
  }

  @Override
  public Optional<SyncResult> compare() {
    SyncResult result = sync.compare(source());
    Dataset<Row> found = sync.changes();
    changes =
        plan.destinations().size() > 1 ? found.persist(StorageLevel.MEMORY_AND_DISK()) : found;
    return Optional.of(result);
  }

  /** The rows to send; to follow {@link #compare}. */
  Dataset<Row> changes() {
    return Objects.requireNonNull(changes, "compare comes first");
  }

  Sync.Source source() {
    return new Sync.Source(read.rows(), read.misfits(), all.rows(), changing);
  }

  @Override
  public Given give(DestinationPlan destination) {
    if (destination instanceof DestinationPlan.Files files) {
      boolean separate = files.delivery().grouping().filter(g -> !g.known().isEmpty()).isPresent();
      return given(
          beside(destination), told(mode.sendsChanges(), separate ? group() : operation()));
    }
    if (destination instanceof DestinationPlan.Events) {
      EventsPlan events = ((DestinationPlan.Events) beside(destination)).events();
      return given(
          new DestinationPlan.Events(events.ofSync(keys())),
          List.of(operation(), functions.col(RowOrigin.COLUMN)));
    }
    LoadPlan load = ((DestinationPlan.Table) destination).load();
    return given(
        new DestinationPlan.Table(mode.sendsChanges() ? load.ofAttempt(sync.number()) : load),
        told(load.deletesByOperation(), operation()));
  }

  /** Files that an earlier sync of the same run has completed are not those of this one. */
  private DestinationPlan beside(DestinationPlan destination) {
    return sync.isAgain()
        ? destination.withDelivery(delivery -> delivery.beside(sync.number()))
        : destination;
  }

  private List<String> keys() {
    List<String> keys =
        plan.jobFile().sync().orElseThrow().keys().stream().map(Identifiers::fold).toList();
    return all.columns().stream()
        .map(Column::name)
        .filter(name -> keys.contains(Identifiers.fold(name)))
        .toList();
  }

  private static List<org.apache.spark.sql.Column> told(
      boolean tells, org.apache.spark.sql.Column operation) {
    return tells ? List.of(operation.as(RowOperation.COLUMN)) : List.of();
  }

  /**
   * @param told what the rows tell besides the mapped columns
   */
  private Given given(DestinationPlan destination, List<org.apache.spark.sql.Column> told) {
    List<org.apache.spark.sql.Column> selected = new ArrayList<>();
    for (Column column : all.columns()) {
      selected.add(functions.col("`" + column.name().replace("`", "``") + "`"));
    }
    selected.addAll(told);
    Dataset<Row> rows = changes().select(selected.toArray(org.apache.spark.sql.Column[]::new));
    return new Given(destination, new Mapped(rows, rows, Optional.empty(), all.columns()));
  }

  private static org.apache.spark.sql.Column operation() {
    return functions.col(RowOperation.COLUMN);
  }

  private static org.apache.spark.sql.Column group() {
    org.apache.spark.sql.Column group = functions.lit(null).cast("string");
    for (RowOperation each : RowOperation.values()) {
      group =
          functions.when(operation().equalTo(each.text()), Grouping.groupOf(each)).otherwise(group);
    }
    return group;
  }

  @Override
  public void publishing() {
    sync.publishing();
  }

  @Override
  public Optional<SyncResult> confirm(List<Dataset<Row>> failed) {
    return Optional.of(sync.confirm(failed));
  }

  @Override
  public void advance() {
    sync.advance();
  }

  @Override
  public void close() {
    if (changes != null) {
      changes.unpersist();
    }
    sync.close();
  }
}
