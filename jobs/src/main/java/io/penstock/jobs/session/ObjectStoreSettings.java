package io.penstock.jobs.session;

import io.penstock.common.config.DestinationConfig;
import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Destination;
import io.penstock.common.config.SourceConfig;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * S3A settings for sources in buckets that the job file also writes to (Hadoop-AWS module,
 * "Configuring different S3 buckets with Per-Bucket Configuration"). Credentials are never among
 * them: S3A finds its own in the environment or the instance profile.
 */
final class ObjectStoreSettings {
  private ObjectStoreSettings() {}

  static Map<String, String> of(JobFile job) {
    Map<String, String> settings = new TreeMap<>();
    if (!ClassPath.hasEmrfs()) {
      settings.put("spark.hadoop.fs.s3.impl", "org.apache.hadoop.fs.s3a.S3AFileSystem");
    }
    for (StoreLocation location : locations(job)) {
      if (location instanceof StoreLocation.Bucket bucket) {
        addBucket(settings, bucket);
      }
    }
    return settings;
  }

  private static List<StoreLocation> locations(JobFile job) {
    List<StoreLocation> locations = new ArrayList<>();
    for (DestinationConfig destination : job.destinations()) {
      if (destination instanceof S3Destination s3) {
        locations.add(s3.location());
      } else if (destination instanceof RedshiftDestination redshift) {
        locations.add(redshift.staging().location());
      } else if (destination instanceof EventsDestination events) {
        events.files().ifPresent(files -> locations.add(files.location()));
      }
    }
    for (SourceConfig source : job.sources()) {
      if (source.format() instanceof RedshiftSource redshift) {
        redshift.staging().ifPresent(staging -> locations.add(staging.location()));
      }
    }
    job.rejects().to().ifPresent(locations::add);
    locations.add(job.state());
    if (job.sync().map(SyncConfig::state).orElse(null) instanceof StateLocation.Path path) {
      locations.add(path.location());
    }
    return locations;
  }

  private static void addBucket(Map<String, String> settings, StoreLocation.Bucket bucket) {
    S3Access access = bucket.access();
    String prefix = "spark.hadoop.fs.s3a.bucket." + bucket.bucket() + ".";
    settings.putIfAbsent(prefix + "endpoint.region", access.region());
    if (access.endpoint() != null) {
      settings.putIfAbsent(prefix + "endpoint", access.endpoint().toString());
      settings.putIfAbsent(
          prefix + "connection.ssl.enabled",
          Boolean.toString(!"http".equalsIgnoreCase(access.endpoint().getScheme())));
    }
    if (access.pathStyle()) {
      settings.putIfAbsent(prefix + "path.style.access", "true");
    }
  }
}
