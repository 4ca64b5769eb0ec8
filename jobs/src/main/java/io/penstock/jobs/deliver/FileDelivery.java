package io.penstock.jobs.deliver;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStore.StoredObject;
import io.penstock.jobs.store.PendingObject;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Files that are written and wait to become visible. */
final class FileDelivery implements StagedDelivery {
  private static final Logger LOG = LoggerFactory.getLogger(FileDelivery.class);

  private final DeliveryPlan plan;
  private final DeliveryKeys keys;
  private final ObjectStore store;
  private final List<StagedFile> files;

  private final DoneFiles doneFiles;
  private final Set<String> published = new HashSet<>();
  private boolean complete;

  FileDelivery(DeliveryPlan plan, DeliveryKeys keys, ObjectStore store, List<StagedFile> files) {
    this.plan = plan;
    this.keys = keys;
    this.store = store;
    this.files = files;
    this.doneFiles = DoneFiles.of(plan, keys);
  }

  private List<String> doneFiles() {
    return doneFiles.of(files.stream().map(file -> file.object().key()).toList());
  }

  @Override
  public long rows() {
    return files.stream().mapToLong(StagedFile::rows).sum();
  }

  /**
   * In this order: the done file of an earlier run goes, the new files appear, the files that only
   * the earlier run had go, and the manifest names the new ones.
   */
  @Override
  public DestinationResult publish() {
    step("remove the done file", this::removeDoneFile);
    step("publish files", this::publishFiles);
    step("remove the files of an earlier run", this::removeStale);
    step("write the manifest", this::writeManifest);
    complete = true;
    return result();
  }

  private void removeDoneFile() throws IOException {
    if (plan.doneFile().isPresent()) {
      store.delete(doneFiles.earlier(store));
    }
  }

  private void publishFiles() throws IOException {
    try {
      ParallelCalls.run(
          files,
          file -> {
            store.publish(file.object());
            synchronized (published) {
              published.add(file.object().key());
            }
          });
    } catch (IOException e) {
      withdraw(e);
      throw e;
    }
  }

  /** Where nothing was before, nothing stays of a delivery that could not be completed. */
  private void withdraw(IOException failure) {
    if (plan.mode() == WriteMode.OVERWRITE) {
      return;
    }
    try {
      store.delete(published);
    } catch (IOException e) {
      failure.addSuppressed(e);
    }
  }

  private void removeStale() throws IOException {
    if (plan.mode() != WriteMode.OVERWRITE && !plan.fileName().numbered()) {
      return;
    }
    Set<String> current = new HashSet<>();
    files.forEach(file -> current.add(file.object().key()));
    List<String> stale = new ArrayList<>();
    for (StoredObject object : store.list(keys.commonPrefix())) {
      if (keys.matches(object.key()) && !current.contains(object.key())) {
        stale.add(object.key());
      }
    }
    store.delete(stale);
  }

  private void writeManifest() throws IOException {
    if (plan.manifest().isPresent()) {
      store.put(plan.manifest().get(), Manifest.of(files, store));
    }
  }

  private DestinationResult result() {
    List<DeliveredFile> delivered = new ArrayList<>();
    long bytes = 0;
    for (StagedFile file : files) {
      PendingObject object = file.object();
      delivered.add(
          new DeliveredFile(
              fullKey(object.key()),
              file.rows(),
              object.bytes(),
              HexFormat.of().toHexDigits((int) object.crc32())));
      bytes += object.bytes();
    }
    return new DestinationResult(
        plan.destination(),
        "s3",
        RunStatus.SUCCEEDED,
        rows(),
        bytes,
        List.copyOf(delivered),
        doneFiles().stream().findFirst().map(this::fullKey),
        plan.manifest().map(this::fullKey),
        Optional.empty());
  }

  private String fullKey(String key) {
    return plan.location() instanceof StoreLocation.Bucket bucket && !bucket.prefix().isEmpty()
        ? bucket.prefix() + "/" + key
        : key;
  }

  /** Also discards what tasks left that were killed between their last byte and their commit. */
  @Override
  public void finish() {
    if (!complete) {
      throw new IllegalStateException("finish before publish");
    }
    step("discard open uploads", () -> store.discardOpen(keys::matches));
    for (String key : doneFiles()) {
      step("write the done file", () -> store.put(key, DoneFiles.CONTENT));
    }
  }

  @Override
  public void close() {
    try (store) {
      List<StagedFile> left =
          files.stream().filter(file -> !published.contains(file.object().key())).toList();
      ParallelCalls.run(left, file -> store.discard(file.object()));
    } catch (IOException e) {
      LOG.warn("Cannot discard unpublished files of {}: {}", plan.destination(), e.getMessage());
    }
  }

  private void step(String name, Step step) {
    try {
      step.run();
    } catch (IOException e) {
      throw DeliveryErrors.failed(name, plan.destination(), e);
    }
  }

  @FunctionalInterface
  private interface Step {
    void run() throws IOException;
  }
}
