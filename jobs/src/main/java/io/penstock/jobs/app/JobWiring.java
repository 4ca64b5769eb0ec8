package io.penstock.jobs.app;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.StagingCredentials;
import io.penstock.jobs.deliver.DeliveryEngine;
import io.penstock.jobs.deliver.pgp.PgpEncryption;
import io.penstock.jobs.events.EndpointProbe;
import io.penstock.jobs.events.EventsDelivery;
import io.penstock.jobs.events.EventsEngine;
import io.penstock.jobs.events.FailedRows;
import io.penstock.jobs.load.LoadLimits;
import io.penstock.jobs.load.LoaderChoice;
import io.penstock.jobs.load.ReaderProbe;
import io.penstock.jobs.load.RedshiftLoad;
import io.penstock.jobs.load.Transport;
import io.penstock.jobs.load.WarehouseProbe;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Mapping;
import io.penstock.jobs.read.Sources;
import io.penstock.jobs.read.SparkFailures;
import io.penstock.jobs.read.redshift.ReadContext;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.read.redshift.SourceProbe;
import io.penstock.jobs.read.redshift.WarehouseReads;
import io.penstock.jobs.redshift.StagingKeys;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.session.JobSession;
import io.penstock.jobs.session.SessionOptions;
import io.penstock.jobs.session.Sessions;
import io.penstock.jobs.store.BucketProbe;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.sync.DeltaState;
import io.penstock.jobs.sync.MappedColumns;
import io.penstock.jobs.sync.RedshiftState;
import io.penstock.jobs.sync.StateProbe;
import io.penstock.jobs.sync.Sync;
import io.penstock.jobs.sync.SyncState;
import io.penstock.jobs.tunnel.SshProbe;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import java.util.function.UnaryOperator;
import org.apache.spark.SparkContext;
import org.apache.spark.SparkExecutorInfo;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.storage.StorageLevel;
import org.jspecify.annotations.Nullable;

/** The one place where implementations are named. */
final class JobWiring implements Wiring, AutoCloseable {
  private static final Duration TASKS_END = Duration.ofSeconds(3);

  private final JobFile file;
  private final Progress progress;
  private final SecretResolver secrets = Stores.secrets();
  private final ReadContext reading;
  private final WarehouseReads reads;
  private final AtomicReference<@Nullable JobSession> session = new AtomicReference<>();
  private final List<StagedDelivery> loads = new CopyOnWriteArrayList<>();
  private final List<EventsDelivery> events = new ArrayList<>();
  private final List<BucketProbe> buckets = new ArrayList<>();
  private final List<WarehouseProbe> warehouses = new CopyOnWriteArrayList<>();
  private final List<SourceProbe> sourceProbes = new CopyOnWriteArrayList<>();
  private final List<StateProbe> stateProbes = new CopyOnWriteArrayList<>();
  private final List<RedshiftState> states = new CopyOnWriteArrayList<>();
  private final boolean anew;
  private StructType source = new StructType();
  private Optional<Sync> sync = Optional.empty();
  private @Nullable Dataset<Row> kept;

  JobWiring(JobFile file, Progress progress, ReadFolder folder) {
    this(file, progress, folder, false);
  }

  /**
   * @param folder of what sources are unloaded to
   * @param anew whether a sync sends all rows, and does without a state that is lost
   */
  JobWiring(JobFile file, Progress progress, ReadFolder folder, boolean anew) {
    this.file = file;
    this.progress = progress;
    this.reading = new ReadContext(secrets, stagingKeys(), folder);
    this.reads = new WarehouseReads(reading);
    this.anew = anew;
  }

  private SparkSession spark() {
    JobSession open = session.get();
    if (open == null) {
      progress.step(file.job(), "starting Spark");
      open = Sessions.open(file, SessionOptions.local());
      open.spark().sparkContext().addSparkListener(progress);
      session.set(open);
    }
    return open.spark();
  }

  Sources sources() {
    return new Sources(spark(), reads);
  }

  /** What Spark has planned to send to read each source in Redshift. */
  Map<String, List<SqlStatement>> plannedReads() {
    return reads.planned();
  }

  /** What tries whether a source in Redshift can be read. */
  SourceProbe probe(String name, RedshiftSource source) {
    SourceProbe probe = new SourceProbe(name, source, reading);
    sourceProbes.add(probe);
    return probe;
  }

  @Override
  public void requireKeys(RunPlan plan) {
    for (DestinationPlan destination : plan.destinations()) {
      if (destination instanceof DestinationPlan.Files files) {
        encryption(files.delivery());
      } else if (destination instanceof DestinationPlan.Events events) {
        EventsEngine.requireKey(events.events(), secrets);
        events.events().files().ifPresent(this::encryption);
      }
    }
  }

  /** What files will be encrypted with, in a few words; empty where they are not. */
  Optional<String> encryption(DeliveryPlan delivery) {
    return DeliveryEngine.encryption(delivery, secrets).map(PgpEncryption::toString);
  }

  @Override
  public Mapped map(JobFile job) {
    Dataset<Row> queried = sources().query(job);
    source = queried.schema();
    Mapped mapped = Mapping.apply(queried, job.template());
    if (job.sync().isPresent()) {
      return mapped;
    }
    int consumers = job.destinations().size() + (mapped.rejects().isPresent() ? 1 : 0);
    if (consumers > 1) {
      kept = mapped.projected().persist(StorageLevel.MEMORY_AND_DISK());
    }
    return mapped;
  }

  @Override
  public Syncing sync(RunPlan plan, Mapped mapped, LongSupplier known) {
    if (file.sync().isEmpty()) {
      return new Syncing.None(mapped);
    }
    // a state in Redshift is read like the sources
    boolean changing = !reads.repeat();
    return new JobSync(
        plan, open(file.sync().get(), plan.context(), mapped, known), mapped, changing);
  }

  /** Finds out where the syncs of the job stand. */
  Sync open(SyncConfig config, RunContext run, Mapped mapped, LongSupplier known) {
    Sync opened =
        Sync.open(
            new Sync.Order(config, run, anew, known.getAsLong()),
            state(config),
            new MappedColumns(mapped.columns(), mapped.rows().schema()),
            SyncFingerprint.of(file, config, mapped.columns(), source));
    sync = Optional.of(opened);
    return opened;
  }

  private SyncState state(SyncConfig config) {
    if (config.state() instanceof StateLocation.Path path) {
      return new DeltaState(spark(), path.location(), Stores.open(path.location()), file.job());
    }
    StateSchema home = StateSchema.of(file).orElseThrow();
    RedshiftState state =
        RedshiftState.of(
            home,
            table -> reads.open(table.toString(), home.reading(table), spark()),
            new RedshiftState.Means(secrets, stagingKeys(), this::stageFiles));
    states.add(state);
    return state;
  }

  /** What tries whether the state of a sync can be kept. */
  StateProbe probe(StateSchema home) {
    StateProbe probe = new StateProbe(home, secrets);
    stateProbes.add(probe);
    return probe;
  }

  @Override
  public Optional<Long> completeSync(RunPlan plan) {
    if (file.sync().isEmpty()) {
      return Optional.empty();
    }
    try (SyncState state = state(file.sync().get())) {
      return Sync.complete(state, plan.context().runId());
    }
  }

  @Override
  public List<Dataset<Row>> failedRows() {
    return events.stream()
        .map(EventsDelivery::failed)
        .filter(failed -> failed.count() > 0)
        .map(FailedRows::rows)
        .toList();
  }

  @Override
  public Optional<PenstockException> shortfall() {
    return events.stream().flatMap(delivery -> delivery.shortfall().stream()).findFirst();
  }

  @Override
  public StagedDelivery stageFiles(Dataset<Row> rows, DeliveryPlan delivery) {
    return new DeliveryEngine(spark(), secrets).stage(rows, delivery);
  }

  @Override
  public StagedDelivery stage(DestinationPlan destination, Mapped mapped, LongSupplier rejectable) {
    if (destination instanceof DestinationPlan.Files files) {
      return stageFiles(mapped.rows(), files.delivery());
    }
    if (destination instanceof DestinationPlan.Events planned) {
      EventsDelivery delivery = eventsEngine().stage(mapped.rows(), planned.events(), rejectable);
      events.add(delivery);
      return delivery;
    }
    LoadPlan load = ((DestinationPlan.Table) destination).load();
    StagedDelivery staged =
        new RedshiftLoad(secrets, stagingKeys(), LoadLimits.STANDARD)
            .stage(load, mapped.columns(), transport(load, mapped, rejectable));
    loads.add(staged);
    return staged;
  }

  private EventsEngine eventsEngine() {
    return new EventsEngine(spark(), secrets, this::stageFiles);
  }

  private StagingKeys stagingKeys() {
    return access -> StagingCredentials.keys(access, secrets);
  }

  /** What tries whether a load can be made. */
  WarehouseProbe probe(LoadPlan load) {
    WarehouseProbe probe = new WarehouseProbe(load, secrets, stagingKeys());
    warehouses.add(probe);
    return probe;
  }

  /** What tries whether Tableau can read the table. */
  ReaderProbe reader(LoadPlan load) {
    return new ReaderProbe(load.destination(), secrets);
  }

  /** What tries whether an endpoint takes events. */
  EndpointProbe probe(EventsDestination events) {
    return new EndpointProbe(events, secrets);
  }

  /** What tries whether a tunnel comes about. */
  SshProbe probe(Tunnel tunnel) {
    return new SshProbe(tunnel, secrets);
  }

  /** What tries whether a bucket can be used; closed with this. */
  BucketProbe probe(String path, StoreLocation.Bucket location) {
    return probe(key -> path + "." + key, location);
  }

  /**
   * As {@link #probe(String, StoreLocation.Bucket)}.
   *
   * @param keys what a key of the bucket is called in the job file
   */
  BucketProbe probe(UnaryOperator<String> keys, StoreLocation.Bucket location) {
    BucketProbe probe = new BucketProbe(keys, location, secrets);
    buckets.add(probe);
    return probe;
  }

  /** Refuses rows that the files of a delivery have no form for. */
  void requireDeliverable(Dataset<Row> rows, DeliveryPlan delivery) {
    DeliveryEngine.requireDeliverable(rows.schema(), delivery, spark());
  }

  private Transport transport(LoadPlan load, Mapped mapped, LongSupplier rejectable) {
    if (LoaderChoice.of(load, mapped.columns()) == Loader.CONNECTOR) {
      return new Transport.ConnectorTransport(mapped.rows());
    }
    DeliveryPlan staging =
        load.staging()
            .orElseThrow(
                () -> new IllegalStateException("a load by COPY is planned with its staging"));
    return new Transport.CopyTransport(
        stageFiles(mapped.rows(), staging),
        Stores.open(staging.location()),
        load.refused()
            .map(refused -> new Transport.SetAside(Stores.open(refused.location()), rejectable)));
  }

  @Override
  public void completeFinish(DestinationPlan destination, boolean latest) {
    if (destination instanceof DestinationPlan.Files files) {
      if (latest) {
        DeliveryEngine.completeFinish(files.delivery(), secrets);
      }
      return;
    }
    if (destination instanceof DestinationPlan.Events events) {
      events
          .events()
          .files()
          .filter(files -> latest)
          .ifPresent(files -> DeliveryEngine.completeFinish(files, secrets));
      return;
    }
    LoadPlan load = ((DestinationPlan.Table) destination).load();
    if (load.staging().isPresent()) {
      try (ObjectStore staging = Stores.open(load.staging().get().location())) {
        RedshiftLoad.removeStaged(load, staging);
      }
    }
  }

  @Override
  public void noteFailure(RunPlan plan, RunRecord failed) {
    FailureNotes.write(plan, failed, secrets);
  }

  @Override
  public PenstockException translate(Throwable failure) {
    if (Interruption.isRequested()) {
      return Interruption.failure(failure);
    }
    Optional<PenstockException> ofState = sync.flatMap(opened -> opened.explain(failure));
    if (ofState.isPresent()) {
      return ofState.get();
    }
    return failure instanceof PenstockException known
        ? known
        : SparkFailures.translate(failure, "running job " + file.job());
  }

  @Override
  public void release() {
    if (kept != null) {
      kept.unpersist();
      kept = null;
    }
    reads.close();
  }

  /** Ends what the run waits for, from another thread. */
  void cancel() {
    loads.forEach(StagedDelivery::cancel);
    warehouses.forEach(WarehouseProbe::cancel);
    sourceProbes.forEach(SourceProbe::cancel);
    stateProbes.forEach(StateProbe::cancel);
    states.forEach(RedshiftState::cancel);
    reads.cancel();
    JobSession open = session.get();
    if (open != null && !open.spark().sparkContext().isStopped()) {
      open.spark().sparkContext().cancelAllJobs();
    }
  }

  @Override
  public void close() {
    buckets.forEach(BucketProbe::close);
    reads.close();
    JobSession open = session.get();
    if (open != null) {
      SparkContext context = open.spark().sparkContext();
      awaitTasks(context);
      context.removeSparkListener(progress);
      open.close();
    }
  }

  /** Tasks of a failed job undo what they began when they notice that they are to end. */
  private static void awaitTasks(SparkContext spark) {
    long deadline = System.nanoTime() + TASKS_END.toNanos();
    try {
      while (runningTasks(spark) > 0 && System.nanoTime() < deadline) {
        Thread.sleep(20);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private static int runningTasks(SparkContext spark) {
    return Arrays.stream(spark.statusTracker().getExecutorInfos())
        .mapToInt(SparkExecutorInfo::numRunningTasks)
        .sum();
  }
}
