package io.penstock.jobs.app;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RejectsConfig;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Destination;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Points a job file's buckets and databases at a sandbox; everything else stays as it is. */
record SandboxRedirect(S3 s3, Redshift redshift) {

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

  /** The buckets that a job file names. */
  static Set<String> buckets(JobFile file) {
    Set<String> buckets = new TreeSet<>();
    add(buckets, file.state());
    file.rejects().to().ifPresent(location -> add(buckets, location));
    if (file.sync().map(SyncConfig::state).orElse(null) instanceof StateLocation.Path path) {
      add(buckets, path.location());
    }
    for (DestinationConfig destination : file.destinations()) {
      if (destination instanceof S3Destination files) {
        add(buckets, files.location());
      } else if (destination instanceof RedshiftDestination table) {
        add(buckets, table.staging().location());
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
        file.sources(),
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
    throw new IllegalArgumentException("a destination without a redirection: " + destination);
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
