package io.penstock.jobs.read.redshift;

import io.penstock.common.config.RedshiftSource;
import io.penstock.common.config.RedshiftSource.Staging;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import java.io.IOException;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The places below one staging prefix that a source's UNLOADs write to. What died runs of the job
 * left there goes before the first one, what this command wrote at its end.
 */
final class Unloads implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Unloads.class);

  private final String source;
  private final Staging staging;
  private final StoreLocation.Bucket location;
  private final ReadFolder folder;
  private int count;

  /**
   * @param staging of the source
   */
  Unloads(String source, Staging staging, ReadFolder folder, SecretResolver secrets) {
    this.source = source;
    this.staging = staging;
    this.location = (StoreLocation.Bucket) ObjectStores.resolved(staging.location(), secrets);
    this.folder = folder;
  }

  /** As the plan shows it, before there is one. */
  static StoreLocation.Bucket pattern(String source, RedshiftSource redshift, ReadFolder folder) {
    return folder.of(redshift.staging().orElseThrow().location(), source, 1);
  }

  /** A place of its own for one more UNLOAD, with resolved credentials. */
  synchronized StoreLocation.Bucket next() {
    if (count == 0 && !staging.keep()) {
      remove(folder::isDead);
    }
    count++;
    return folder.of(location, source, count);
  }

  private void remove(Predicate<String> which) {
    try (ObjectStore store = ObjectStores.open(folder.parent(location))) {
      store.delete(
          store.list("").stream().map(ObjectStore.StoredObject::key).filter(which).toList());
    } catch (IOException e) {
      throw ReadFailures.ofStaging(source, "removed", e);
    }
  }

  /** Removes what was written; where that fails, the next run of the job does. */
  @Override
  public synchronized void close() {
    if (count == 0 || staging.keep()) {
      return;
    }
    // an interrupted thread can send no request
    boolean interrupted = Thread.interrupted();
    try {
      remove(key -> folder.isOwn(key, source));
      count = 0;
    } catch (PenstockException e) {
      LOG.warn("The next run removes the unloaded files: {}", e.getMessage());
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
