package io.penstock.jobs.store;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.S3Clients;
import java.nio.file.Path;

/** Opens the store that a location names. */
public final class ObjectStores {
  private ObjectStores() {}

  /**
   * The location with its credentials resolved: the form in which it may cross to an executor. Its
   * {@code toString} shows none of them.
   */
  public static StoreLocation resolved(StoreLocation location, SecretResolver secrets) {
    return location instanceof StoreLocation.Bucket bucket
        ? new StoreLocation.Bucket(
            bucket.bucket(), bucket.prefix(), S3Clients.resolved(bucket.access(), secrets))
        : location;
  }

  /**
   * The store of a location.
   *
   * @param resolved a result of {@link #resolved}
   */
  public static ObjectStore open(StoreLocation resolved) {
    if (resolved instanceof StoreLocation.Bucket bucket) {
      return new S3ObjectStore(S3Clients.shared(bucket.access()), bucket);
    }
    return new DirectoryStore(Path.of(((StoreLocation.Directory) resolved).path()));
  }
}
