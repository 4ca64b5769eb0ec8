package io.penstock.jobs.app;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.S3Destination;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.RunPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.jobs.events.EndpointProbe;
import io.penstock.jobs.events.EventsEngine;
import io.penstock.jobs.load.ReaderProbe;
import io.penstock.jobs.load.WarehouseProbe;
import io.penstock.jobs.map.Mapped;
import io.penstock.jobs.map.Mapping;
import io.penstock.jobs.read.redshift.SourceProbe;
import io.penstock.jobs.store.DirectoryProbe;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.sync.KeyProbe;
import io.penstock.jobs.sync.MappedColumns;
import io.penstock.jobs.tunnel.SshProbe;
import io.penstock.jobs.verify.BucketChecks;
import io.penstock.jobs.verify.Check;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.jspecify.annotations.Nullable;

/** The checks of a job, in the order in which they are made; CONTRACT section 8. */
final class JobChecks {
  private static final String QUERY = "query";
  private static final String TEMPLATE = "template";
  private static final String REJECTS = "rejects.to";

  private final JobFile job;
  private final RunPlan plan;
  private final JobWiring wiring;
  private final List<Check> checks = new ArrayList<>();
  private final List<String> upstream = new ArrayList<>();
  private @Nullable Dataset<Row> queried;
  private @Nullable Mapped mapped;

  private JobChecks(RunPlan plan, JobWiring wiring) {
    this.job = plan.jobFile();
    this.plan = plan;
    this.wiring = wiring;
  }

  static List<Check> of(RunPlan plan, JobWiring wiring) {
    JobChecks all = new JobChecks(plan, wiring);
    all.sources();
    all.rows();
    plan.jobFile().sync().ifPresent(all::sync);
    plan.destinations().forEach(all::destination);
    all.job.rejects().to().ifPresent(all::rejects);
    return List.copyOf(all.checks);
  }

  private void sources() {
    for (SourceConfig source : job.sources()) {
      String target = "sources." + source.name();
      if (source.format() instanceof RedshiftSource redshift) {
        warehouse(target, source.name(), redshift);
      }
      checks.add(Check.of(target, "Source readable", () -> read(source)));
      upstream.add(target);
    }
  }

  private void warehouse(String target, String name, RedshiftSource source) {
    SourceProbe probe = wiring.probe(name, source);
    source.connection().tunnel().ifPresent(tunnel -> tunnel(target, tunnel));
    checks.add(Check.of(target, "Verifying connection", probe::connect));
    checks.add(Check.of(target, "Able to list schemas", probe::listSchemas));
    StateSchema.of(job)
        .filter(state -> state.source().equals(name))
        .ifPresent(
            state ->
                checks.add(
                    Check.of(target, "Able to access state schema", wiring.probe(state)::access)));
    source
        .staging()
        .ifPresent(
            place -> {
              String staging = target + ".staging";
              checks.addAll(BucketChecks.of(staging, wiring.probe(staging, place.location())));
              checks.add(
                  Check.of(
                      staging,
                      "UNLOAD may write the staging prefix",
                      List.of(target),
                      probe::unload));
              upstream.add(staging);
            });
  }

  /** Reads one row, so that files are opened and not only listed. */
  private String read(SourceConfig source) {
    Dataset<Row> rows = wiring.sources().open(source);
    return rows.columns().length + " columns" + (rows.limit(1).isEmpty() ? ", no rows" : "");
  }

  private void rows() {
    checks.add(Check.of(QUERY, "Query compiles", List.copyOf(upstream), this::query));
    upstream.add(QUERY);
    checks.add(Check.of(TEMPLATE, "Template types fit", List.copyOf(upstream), this::template));
    upstream.add(TEMPLATE);
  }

  private String query() {
    Dataset<Row> rows = wiring.sources().query(job);
    queried = rows;
    return rows.columns().length
        + " columns"
        + (job.query().isEmpty() ? ", those of the source" : "");
  }

  private String template() {
    if (queried == null) {
      throw new IllegalStateException("the query comes first");
    }
    Mapped fitting = Mapping.apply(queried, job.template());
    mapped = fitting;
    return fitting.columns().size()
        + " columns"
        + (job.template().isEmpty() ? ", passed through" : "");
  }

  private Mapped mapped() {
    if (mapped == null) {
      throw new IllegalStateException("the template comes first");
    }
    return mapped;
  }

  private void sync(SyncConfig sync) {
    if (sync.state() instanceof StateLocation.Path path) {
      state(path.location());
    }
    checks.add(Check.of("sync.keys", "Keys unique", List.copyOf(upstream), () -> uniqueKeys(sync)));
  }

  private void state(StoreLocation location) {
    String target = "sync.state.path";
    Check.Finding write =
        location instanceof StoreLocation.Bucket bucket
            ? wiring.probe(keysOf(target, bucket), bucket)::write
            : directory(target, location)::write;
    checks.add(Check.of(target, "State writable", write));
  }

  private String uniqueKeys(SyncConfig sync) {
    Dataset<Row> rows = mapped().rows();
    return KeyProbe.unique(sync.keys(), new MappedColumns(mapped().columns(), rows.schema()), rows);
  }

  private static DirectoryProbe directory(String key, StoreLocation location) {
    return new DirectoryProbe(key, Path.of(((StoreLocation.Directory) location).path()));
  }

  private void destination(DestinationPlan destination) {
    String target = "destinations." + destination.name();
    if (destination instanceof DestinationPlan.Files files) {
      files(target, files.delivery());
      checks.add(
          Check.of(
              target,
              "Columns fit the format",
              List.copyOf(upstream),
              () -> deliverable(files.delivery())));
    } else if (destination instanceof DestinationPlan.Events events) {
      events(target, events.events());
    } else {
      warehouse(target, ((DestinationPlan.Table) destination).load());
    }
  }

  private void files(String target, DeliveryPlan delivery) {
    if (delivery.location() instanceof StoreLocation.Bucket bucket) {
      checks.addAll(BucketChecks.of(target, wiring.probe(target, bucket)));
    } else {
      DirectoryProbe probe = directory(target + ".directory", delivery.location());
      checks.add(Check.of(target, "Directory writable", probe::write));
    }
    if (delivery.pgp().isPresent()) {
      checks.add(
          new Check(target + ".pgp", "Encryption key usable", () -> wiring.encryption(delivery)));
    }
  }

  private void events(String target, EventsPlan events) {
    if (events.files().isPresent()) {
      files(target, events.files().get());
    } else {
      EndpointProbe probe = wiring.probe(events.destination());
      checks.add(Check.of(target, "Endpoint takes the write key", probe::accepts));
    }
    checks.add(
        Check.of(
            target,
            "Identity column present",
            List.copyOf(upstream),
            () -> EventsEngine.identity(mapped().rows(), events)));
  }

  private String deliverable(DeliveryPlan delivery) {
    wiring.requireDeliverable(mapped().rows(), delivery);
    return delivery.format().extension();
  }

  private void rejects(StoreLocation location) {
    if (location instanceof StoreLocation.Bucket bucket) {
      checks.addAll(BucketChecks.of(REJECTS, wiring.probe(keysOf(REJECTS, bucket), bucket)));
    } else {
      checks.add(Check.of(REJECTS, "Directory writable", directory(REJECTS, location)::write));
    }
  }

  /**
   * A bucket that is written as one text is reached as a destination with that bucket is.
   *
   * @param path of the text
   */
  private UnaryOperator<String> keysOf(String path, StoreLocation.Bucket written) {
    Optional<String> same =
        job.destinations().stream()
            .filter(destination -> usesBucket(destination, written.bucket()))
            .map(JobChecks::access)
            .findFirst();
    return key ->
        key.equals("bucket") || key.equals("prefix")
            ? path
            : same.map(block -> block + "." + key)
                .orElse("the " + key + " of a destination with this bucket");
  }

  private static boolean usesBucket(DestinationConfig destination, String name) {
    return place(destination)
        .filter(at -> at instanceof StoreLocation.Bucket bucket && bucket.bucket().equals(name))
        .isPresent();
  }

  private static Optional<StoreLocation> place(DestinationConfig destination) {
    return destination instanceof RedshiftDestination table
        ? Optional.of(table.staging().location())
        : S3Destination.of(destination).map(S3Destination::location);
  }

  /** The block of a destination that says how its bucket is reached. */
  private static String access(DestinationConfig destination) {
    String block = "destinations." + destination.name();
    if (destination instanceof EventsDestination) {
      return block + ".to.s3";
    }
    return destination instanceof RedshiftDestination ? block + ".staging" : block;
  }

  private void warehouse(String target, LoadPlan load) {
    WarehouseProbe probe = wiring.probe(load);
    String staging = target + ".staging";
    load.destination().connection().tunnel().ifPresent(tunnel -> tunnel(target, tunnel));
    checks.add(Check.of(target, "Verifying connection", probe::connect));
    checks.add(Check.of(target, "Able to list schemas", probe::listSchemas));
    checks.add(Check.of(target, "Able to access state schema", probe::stateSchema));
    checks.add(Check.of(target, "Able to create in target schema", probe::targetSchema));
    StoreLocation.Bucket bucket = load.destination().staging().location();
    checks.addAll(BucketChecks.of(staging, wiring.probe(staging, bucket)));
    checks.add(
        Check.of(
            target,
            "COPY may read the staging prefix",
            List.of(staging),
            () -> copy(probe, bucket)));
    checks.add(
        Check.of(
            target,
            "Table takes the columns",
            List.copyOf(upstream),
            () -> probe.target(mapped().columns())));
    load.destination()
        .tableau()
        .ifPresent(tableau -> tableau(target, tableau, wiring.reader(load)));
  }

  private void tableau(String destination, TableauConfig tableau, ReaderProbe reader) {
    String target = destination + ".tableau";
    String datasource = target + ".datasource";
    Path folder = Path.of(tableau.datasource()).resolveSibling("");
    DirectoryProbe file = new DirectoryProbe(datasource, folder);
    List<String> needs = List.of(destination);
    checks.add(Check.of(datasource, "Data source writable", file::write));
    checks.add(Check.of(target, "Reader may read the table", needs, reader::permitted));
    checks.add(
        new Check(
            target,
            "Reader signs in and selects",
            needs,
            reader::signIn,
            "give " + target + ".reader-password to have it tried"));
  }

  private void tunnel(String target, Tunnel tunnel) {
    SshProbe probe = wiring.probe(tunnel);
    checks.add(Check.of(target, "SSH: reachable", probe::reachable));
    checks.add(Check.of(target, "SSH: host key known", probe::hostKey));
    checks.add(Check.of(target, "SSH: login", probe::signIn));
  }

  private static String copy(WarehouseProbe probe, StoreLocation.Bucket bucket) {
    try (ObjectStore store = Stores.open(bucket)) {
      return probe.copy(store);
    }
  }
}
