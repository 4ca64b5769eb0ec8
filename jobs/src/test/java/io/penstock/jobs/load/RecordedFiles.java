package io.penstock.jobs.load;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.WholeObjects;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Predicate;

/** CSV files that are in S3 already, and what their delivery reported. It sends S3 nothing. */
final class RecordedFiles extends WholeObjects implements StagedDelivery {
  private final String address;
  private final Map<String, byte[]> objects = new TreeMap<>();
  private final DestinationResult result;

  /**
   * @param contents of the files, one string each
   * @param rows that the delivery says it wrote
   */
  RecordedFiles(DeliveryPlan plan, List<String> contents, long rows) {
    StoreLocation.Bucket location = (StoreLocation.Bucket) plan.location();
    this.address = "s3://" + location.bucket() + "/" + location.prefix() + "/";
    List<DeliveredFile> files = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (String content : contents) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      String key = plan.fileName().of(files.size() + 1);
      objects.put(key, bytes);
      files.add(new DeliveredFile(location.prefix() + "/" + key, 0, bytes.length, "00"));
      entries.add(
          "{\"url\":\"%s\",\"mandatory\":true,\"meta\":{\"content_length\":%d}}"
              .formatted(address(key), bytes.length));
    }
    String manifest = plan.manifest().orElseThrow();
    objects.put(
        manifest,
        ("{\"entries\":[" + String.join(",", entries) + "]}").getBytes(StandardCharsets.UTF_8));
    this.result =
        new DestinationResult(
            plan.destination(),
            "s3",
            RunStatus.SUCCEEDED,
            rows,
            files.stream().mapToLong(DeliveredFile::bytes).sum(),
            files,
            Optional.empty(),
            Optional.of(location.prefix() + "/" + manifest),
            Optional.empty());
  }

  /** The files and their manifest, by key. */
  Map<String, byte[]> objects() {
    return objects;
  }

  @Override
  public long rows() {
    return result.rows();
  }

  @Override
  public DestinationResult publish() {
    return result;
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}

  @Override
  public List<StoredObject> list(String below) {
    return objects.entrySet().stream()
        .filter(object -> object.getKey().startsWith(below))
        .map(object -> new StoredObject(object.getKey(), object.getValue().length))
        .toList();
  }

  @Override
  public Optional<byte[]> read(String key) {
    return Optional.ofNullable(objects.get(key));
  }

  @Override
  public String address(String key) {
    return address + key;
  }

  @Override
  public void put(String key, byte[] content) {
    throw new UnsupportedOperationException(key);
  }

  @Override
  public void delete(Collection<String> keys) {
    throw new UnsupportedOperationException("delete");
  }

  @Override
  public Upload begin(String key) {
    throw new UnsupportedOperationException(key);
  }

  @Override
  public void publish(PendingObject pending) {
    throw new UnsupportedOperationException(pending.key());
  }

  @Override
  public void discard(PendingObject pending) {
    throw new UnsupportedOperationException(pending.key());
  }

  @Override
  public void discardOpen(Predicate<String> keys) {
    throw new UnsupportedOperationException("discardOpen");
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) {
    throw new UnsupportedOperationException(key);
  }
}
