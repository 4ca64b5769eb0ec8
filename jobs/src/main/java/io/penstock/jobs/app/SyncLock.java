package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.StateSchema;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.jobs.record.RunLock;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.sync.StateLock;
import java.util.Optional;

/**
 * Keeps two syncs of a job apart that share the state of the sync and not the place where runs are
 * recorded.
 */
record SyncLock(RunLock lock, Optional<ObjectStore> store) implements AutoCloseable {

  /**
   * Holds nothing where the job has no sync.
   *
   * @throws io.penstock.common.error.PenstockException {@code TARGET_HELD}
   */
  static SyncLock acquire(JobFile file, String runId) {
    Optional<StateSchema> schema = StateSchema.of(file);
    if (schema.isPresent()) {
      StateLock held = StateLock.acquire(schema.get(), Stores.secrets());
      return new SyncLock(held::close, Optional.empty());
    }
    if (!(file.sync().map(SyncConfig::state).orElse(null) instanceof StateLocation.Path path)) {
      return new SyncLock(() -> {}, Optional.empty());
    }
    StoreLocation location = path.location();
    ObjectStore store = Stores.open(location);
    try {
      return new SyncLock(
          RunLock.acquireSync(location, store, file.job(), runId), Optional.of(store));
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  @Override
  public void close() {
    lock.close();
    store.ifPresent(ObjectStore::close);
  }
}
