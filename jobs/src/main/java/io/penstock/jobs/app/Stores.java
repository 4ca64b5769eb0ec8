package io.penstock.jobs.app;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.AwsSecrets;
import io.penstock.jobs.load.StagingKeys;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;

/** Opens locations with the secrets that they refer to. */
final class Stores {
  private Stores() {}

  static SecretResolver secrets() {
    return new LocalSecrets(System.getenv(), new AwsSecrets());
  }

  static ObjectStore open(StoreLocation location) {
    return ObjectStores.open(ObjectStores.resolved(location, secrets()));
  }

  /** Keys that COPY signs its reads with: those that the staging location's uploads use. */
  static CopyAuthorization.Keys stagingKeys(S3Access access) {
    AwsCredentials credentials =
        S3Clients.provider(S3Clients.resolved(access, secrets())).resolveCredentials();
    return new CopyAuthorization.Keys(
        credentials.accessKeyId(),
        credentials.secretAccessKey(),
        credentials instanceof AwsSessionCredentials session
            ? Optional.of(session.sessionToken())
            : Optional.empty());
  }
}
