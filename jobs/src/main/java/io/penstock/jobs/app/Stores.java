package io.penstock.jobs.app;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.aws.AwsSecrets;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;

/** Opens locations with the secrets that they refer to. */
final class Stores {
  private Stores() {}

  static SecretResolver secrets() {
    return new LocalSecrets(new AwsSecrets());
  }

  static ObjectStore open(StoreLocation location) {
    return ObjectStores.open(ObjectStores.resolved(location, secrets()));
  }
}
