package io.penstock.jobs.sync;

import io.penstock.common.run.SyncResult;
import io.penstock.jobs.sync.Fingerprint.Digest;
import io.penstock.jobs.sync.Fingerprint.Part;
import java.util.Map;

/**
 * One sync, as the state knows it.
 *
 * @param confirmed whether every destination has confirmed its delivery
 * @param rows of its snapshot, by which a damaged one is known
 * @param open rows of its snapshot that the next sync has to send whatever they are then
 */
record SyncEntry(
    String runId,
    boolean confirmed,
    long rows,
    long open,
    Map<Part, Digest> fingerprint,
    SyncResult result) {

  long number() {
    return result.number();
  }

  /** The same sync, delivered, but for some rows. */
  SyncEntry confirmed(long failed) {
    return new SyncEntry(runId, true, rows, open, fingerprint, result.withFailed(failed));
  }
}
