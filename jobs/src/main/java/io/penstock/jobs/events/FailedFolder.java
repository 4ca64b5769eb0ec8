package io.penstock.jobs.events;

import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;

/**
 * Where tasks keep the keys of failed rows while a run lasts. It is one folder for all runs of the
 * job: what a killed run has left goes with the next.
 *
 * @param location with its credentials resolved
 */
record FailedFolder(String destination, StoreLocation location) {

  void clear() {
    try (ObjectStore store = ObjectStores.open(location)) {
      store.delete(store.list("").stream().map(StoredObject::key).toList());
    } catch (IOException e) {
      throw EventsErrors.state("removed", destination, e);
    }
  }
}
