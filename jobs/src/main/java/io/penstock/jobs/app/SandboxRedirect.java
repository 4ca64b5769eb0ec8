package io.penstock.jobs.app;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RejectsConfig;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Destination;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Points a job file's buckets, databases and event endpoints at a sandbox; everything else stays as
 * it is.
 */
record SandboxRedirect(S3 s3, Redshift redshift, Optional<Events> events) {

  record S3(String endpoint, String region, String accessKey, String secretKey) {
    @Override
    public String toString() {
      return endpoint;
    }
  }

  record Redshift(String endpoint, String database, String user, String password) {
    @Override
    public String toString() {
      return endpoint;
    }
  }

  /** The receiver of events. */
  record Events(String url, String writeKey) {
    @Override
    public String toString() {
      return url;
    }
  }

  /** Whether a job file sends events. */
  static boolean sendsEvents(JobFile file) {
    return file.destinations().stream()
        .anyMatch(
            destination ->
                destination instanceof EventsDestination events && events.files().isEmpty());
  }

  /** The buckets that a job file names. */
  static Set<String> buckets(JobFile file) {
    Set<String> buckets = new TreeSet<>();
    add(buckets, file.state());
    file.rejects().to().ifPresent(location -> add(buckets, location));
    for (SourceConfig source : file.sources()) {
      if (source.format() instanceof RedshiftSource redshift) {
        redshift.staging().ifPresent(staging -> add(buckets, staging.location()));
      }
    }
    if (file.sync().map(SyncConfig::state).orElse(null) instanceof StateLocation.Path path) {
      add(buckets, path.location());
    }
    for (DestinationConfig destination : file.destinations()) {
      if (destination instanceof S3Destination files) {
        add(buckets, files.location());
      } else if (destination instanceof RedshiftDestination table) {
        add(buckets, table.staging().location());
      } else if (destination instanceof EventsDestination events) {
        events.files().ifPresent(files -> add(buckets, files.location()));
      }
    }
    return buckets;
  }

  private static void add(Set<String> buckets, StoreLocation location) {
    if (location instanceof StoreLocation.Bucket bucket) {
      buckets.add(bucket.bucket());
    }
  }

  JobFile apply(JobFile file) {
    return new JobFile(
        file.job(),
        file.sources().stream().map(this::source).toList(),
        file.query(),
        file.template(),
        new RejectsConfig(file.rejects().to().map(this::location), file.rejects().max()),
        file.campaign(),
        file.sync().map(this::sync),
        file.destinations().stream().map(this::destination).toList(),
        file.access(),
        location(file.state()),
        file.schedule(),
        file.spark());
  }

  private SourceConfig source(SourceConfig source) {
    if (!(source.format() instanceof RedshiftSource redshift)) {
      return source;
    }
    RedshiftSource moved = redshift.withConnection(connection(redshift.connection()));
    return source.withFormat(
        moved
            .staging()
            .map(staging -> moved.withStagingLocation(bucket(staging.location())))
            .orElse(moved));
  }

  private SyncConfig sync(SyncConfig sync) {
    StateLocation state =
        sync.state() instanceof StateLocation.Path path
            ? new StateLocation.Path(location(path.location()))
            : sync.state();
    return new SyncConfig(sync.mode(), sync.keys(), sync.cursor(), state);
  }

  private DestinationConfig destination(DestinationConfig destination) {
    if (destination instanceof S3Destination files) {
      return files.withLocation(location(files.location()));
    }
    if (destination instanceof RedshiftDestination table) {
      // nobody could open a data source of a sandbox that ends with the command
      return table
          .withoutTableau()
          .withConnection(connection(table.connection()))
          .withStagingLocation(bucket(table.staging().location()));
    }
    if (destination instanceof EventsDestination sent) {
      return sent.withTarget(target(sent));
    }
    throw new IllegalArgumentException("a destination without a redirection: " + destination);
  }

  private Target target(EventsDestination sent) {
    Optional<S3Destination> files = sent.files();
    if (files.isPresent()) {
      return new Target.Files(files.get().withLocation(location(files.get().location())));
    }
    Events receiver =
        events.orElseThrow(() -> new IllegalStateException("a sandbox without a receiver"));
    return new Target.Http(URI.create(receiver.url()), new Secret.Literal(receiver.writeKey()));
  }

  private RedshiftConnection connection(RedshiftConnection original) {
    return new RedshiftConnection(
        original.host(),
        original.port(),
        redshift.database(),
        new PasswordLogin(redshift.user(), new Secret.Literal(redshift.password())),
        new Tls(TlsMode.DISABLE, new Ca.None()),
        Optional.empty(),
        Optional.of(redshift.endpoint()));
  }

  private StoreLocation location(StoreLocation location) {
    return location instanceof StoreLocation.Bucket bucket ? bucket(bucket) : location;
  }

  private StoreLocation.Bucket bucket(StoreLocation.Bucket original) {
    S3Access access =
        new S3Access(
            s3.region(),
            URI.create(s3.endpoint()),
            true,
            original.access().requestChecksums(),
            new S3Access.Credentials.Keys(s3.accessKey(), new Secret.Literal(s3.secretKey()), null),
            new S3Access.Encryption.None());
    return new StoreLocation.Bucket(original.bucket(), original.prefix(), access);
  }
}
