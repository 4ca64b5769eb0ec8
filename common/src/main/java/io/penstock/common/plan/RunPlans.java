package io.penstock.common.plan;

import io.penstock.common.config.CampaignConfig;
import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.Encoding;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.PgpConfig;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingCompression;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.S3Destination;
import io.penstock.common.config.S3Destination.Changes;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.StoreLocation.Bucket;
import io.penstock.common.config.StoreLocation.Directory;
import io.penstock.common.config.TemplateConfig.BadValue;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.names.NameContext;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunContext;
import io.penstock.common.schema.TableName;
import io.penstock.common.text.TextDialect;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Decides every name of a run; touches nothing. */
public final class RunPlans {
  private static final int STAGE_NAME_HEAD = 40;

  private final JobFile job;
  private final RunContext run;
  private final NameContext names;

  private RunPlans(JobFile job, RunContext run) {
    this.job = job;
    this.run = run;
    this.names =
        new NameContext(
            run,
            job.campaign().map(CampaignConfig::name),
            job.campaign().flatMap(CampaignConfig::groupColumn).map(column -> Grouping.NAME));
  }

  /**
   * The plan of one run. The same job file, run id and instant give the same plan.
   *
   * @throws io.penstock.common.error.PenstockException {@code DELIVERY_KEY_REFUSED} where a name
   *     cannot be the key of an object
   */
  public static RunPlan plan(JobFile job, RunContext run) {
    RunPlans plans = new RunPlans(job, run);
    List<DestinationPlan> destinations =
        job.destinations().stream().map(plans::destination).toList();
    return new RunPlan(run, job, plans.rejects(), destinations);
  }

  private DestinationPlan destination(DestinationConfig destination) {
    if (destination instanceof S3Destination s3) {
      return new DestinationPlan.Files(delivery(s3));
    }
    return destination instanceof EventsDestination events
        ? new DestinationPlan.Events(events(events))
        : new DestinationPlan.Table(load((RedshiftDestination) destination));
  }

  private EventsPlan events(EventsDestination events) {
    return new EventsPlan(
        run,
        events,
        events.identity().columns(),
        false,
        events.files().map(files -> delivery(files).ofRecords()),
        below(job.state(), "events/" + run.job() + "/" + events.name()),
        rejects("refused_by_" + events.name() + "_"));
  }

  private DeliveryPlan delivery(S3Destination s3) {
    boolean append = s3.mode() == WriteMode.APPEND;
    FileName written =
        s3.fileName()
            .map(pattern -> pattern.toFileName(names))
            .orElseGet(() -> defaultName(s3, append));
    ArchiveNames archive = ArchiveNames.of(written, s3);
    String prefix = s3.prefix().render(names);
    int group = prefix.indexOf(Grouping.NAME);
    int fixed = group < 0 ? prefix.length() : Math.max(0, prefix.lastIndexOf('/', group));
    String directory = group < 0 ? "" : prefix.substring(fixed == 0 ? 0 : fixed + 1) + "/";
    return new DeliveryPlan(
        s3.name(),
        below(s3.location(), prefix.substring(0, fixed)),
        separatesChanges(s3) ? archive.object().after(Grouping.NAME + "_") : archive.object(),
        s3.format(),
        new Packing(
            s3.files(),
            s3.encoding(),
            archive.entries().orElse(null),
            s3.rowNumberColumn().orElse(null),
            run.now()),
        s3.pgp(),
        grouping(s3, directory),
        s3.partitionBy(),
        s3.mode(),
        s3.doneFile(),
        s3.manifest()
            ? Optional.of(run.job() + (append ? "_" + safe(run.runId()) : "") + ".manifest")
            : Optional.empty());
  }

  private Optional<Grouping> grouping(S3Destination s3, String directory) {
    return separatesChanges(s3)
        ? Optional.of(Grouping.ofChanges())
        : job.campaign()
            .flatMap(CampaignConfig::groupColumn)
            .map(column -> Grouping.by(column, directory));
  }

  private boolean separatesChanges(S3Destination s3) {
    return sendsChanges() && s3.changes() == Changes.SEPARATE;
  }

  private boolean sendsChanges() {
    return job.sync().filter(sync -> sync.mode().sendsChanges()).isPresent();
  }

  /**
   * {@code <job>_<number>.<format>[.gz][.pgp]}; appended files carry the run id, so that none
   * collide. Within an archive the encodings of the whole have no place.
   */
  private FileName defaultName(S3Destination s3, boolean append) {
    String whole = s3.encoding().extension() + s3.pgp().map(PgpConfig::extension).orElse("");
    return new FileName(
        run.job() + "_" + (append ? safe(run.runId()) + "_" : ""),
        "." + s3.format().extension() + (s3.encoding().isArchive() ? "" : whole),
        true);
  }

  private Optional<DeliveryPlan> rejects() {
    if (job.template().filter(t -> t.onBadValue() == BadValue.REJECT).isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(rejects("rejects_"));
  }

  private DeliveryPlan rejects(String head) {
    return new DeliveryPlan(
        "rejects",
        rejectsOfRun(),
        new FileName(head, ".ndjson", true),
        new OutputFormat.Ndjson(),
        Packing.plain(Encoding.NONE),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        WriteMode.OVERWRITE,
        Optional.empty(),
        Optional.empty());
  }

  private StoreLocation rejectsOfRun() {
    String folder = run.job() + "/" + safe(run.runId());
    return job.rejects()
        .to()
        .map(to -> below(to, folder))
        .orElseGet(() -> below(job.state(), "rejects/" + folder));
  }

  private LoadPlan load(RedshiftDestination redshift) {
    return new LoadPlan(
        run,
        redshift,
        new TableName(redshift.stateSchema(), stageTable(redshift.name())),
        redshift.loader() == Loader.CONNECTOR ? Optional.empty() : Optional.of(staging(redshift)),
        refusedRows(redshift),
        sendsChanges() && redshift.write() == Write.MIRROR);
  }

  /** A sync sets none aside: it would take them for delivered and never send them again. */
  private Optional<RefusedRows> refusedRows(RedshiftDestination redshift) {
    long max = job.rejects().max();
    return max > 0 && redshift.setsRowsAside() && job.sync().isEmpty()
        ? Optional.of(
            new RefusedRows(rejectsOfRun(), "refused_by_" + redshift.name() + ".ndjson", max))
        : Optional.empty();
  }

  /** Readable where it is short enough, and distinct by the hash of what it stands for. */
  private String stageTable(String destination) {
    String head =
        ("stage_" + run.job() + "_" + destination + "_" + run.runId())
            .toLowerCase(Locale.ROOT)
            .replaceAll("[^a-z0-9]+", "_");
    return head.substring(0, Math.min(head.length(), STAGE_NAME_HEAD))
        + "_"
        + hash(destination).substring(0, 16);
  }

  private DeliveryPlan staging(RedshiftDestination redshift) {
    OutputFormat format =
        switch (redshift.staging().format()) {
          case PARQUET -> new OutputFormat.Parquet(OutputFormat.Codec.SNAPPY);
          // COPY knows no logical types (Amazon Redshift Database Developer Guide, "Avro schema").
          case AVRO -> new OutputFormat.Avro(OutputFormat.Codec.SNAPPY, false);
          case JSON -> new OutputFormat.Ndjson();
          case AUTO, CSV -> new OutputFormat.Text("csv", stagingDialect(redshift.name()));
        };
    Encoding encoding = encoding(redshift.staging());
    return new DeliveryPlan(
        redshift.name(),
        below(
            redshift.staging().location(),
            run.job() + "/" + safe(run.runId()) + "/" + redshift.name()),
        new FileName("part_", "." + format.extension() + encoding.extension(), true),
        format,
        Packing.plain(new FileCount.ForCopy(redshift.staging().slices()), encoding),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        WriteMode.OVERWRITE,
        Optional.empty(),
        Optional.of("manifest"));
  }

  private static Encoding encoding(Staging staging) {
    if (!staging.format().isText()) {
      return Encoding.NONE;
    }
    return staging.compression() == StagingCompression.ZSTD ? Encoding.ZSTD : Encoding.GZIP;
  }

  /**
   * What COPY reads as CSV: quotes doubled, ISO 8601 times. COPY takes its null text for NULL even
   * between quotes, so it is one that data do not hold.
   */
  private TextDialect stagingDialect(String destination) {
    return new TextDialect(
        ',',
        false,
        '"',
        null,
        TextDialect.QuoteMode.MINIMAL,
        TextDialect.LineEnding.LF,
        "@NULL" + hash(destination).substring(0, 24) + "@",
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  private String hash(String destination) {
    String text = run.job() + "\0" + destination + "\0" + run.runId();
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return HexFormat.of().formatHex(digest.digest(text.getBytes(StandardCharsets.UTF_8)));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }

  /** A run id as one part of a key. */
  private static String safe(String runId) {
    return runId.replaceAll("[^A-Za-z0-9._-]", "_");
  }

  private static StoreLocation below(StoreLocation location, String prefix) {
    if (prefix.isEmpty()) {
      return location;
    }
    if (location instanceof Bucket bucket) {
      String joined = bucket.prefix().isEmpty() ? prefix : bucket.prefix() + "/" + prefix;
      return new Bucket(bucket.bucket(), joined, bucket.access());
    }
    String path = ((Directory) location).path();
    return new Directory(path.endsWith("/") ? path + prefix : path + "/" + prefix);
  }
}
