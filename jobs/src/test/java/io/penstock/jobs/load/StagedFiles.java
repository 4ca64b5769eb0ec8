package io.penstock.jobs.load;

import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.WholeObjects;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** CSV files that a test stages with the AWS SDK: what a delivery would leave for COPY. */
final class StagedFiles extends WholeObjects implements StagedDelivery {
  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final DeliveryPlan plan;
  private final List<String> contents;
  private final long rows;

  /**
   * @param contents of the files, one string each
   * @param rows that the delivery says it wrote
   */
  StagedFiles(
      SandboxProcess.S3 s3,
      String bucket,
      String prefix,
      DeliveryPlan plan,
      List<String> contents,
      long rows) {
    this.client =
        S3Client.builder()
            .endpointOverride(URI.create(s3.endpoint()))
            .region(Region.of(s3.region()))
            .forcePathStyle(true)
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
            .build();
    this.bucket = bucket;
    this.prefix = prefix;
    this.plan = plan;
    this.contents = contents;
    this.rows = rows;
  }

  @Override
  public long rows() {
    return rows;
  }

  @Override
  public DestinationResult publish() {
    List<DeliveredFile> files = new ArrayList<>();
    List<String> entries = new ArrayList<>();
    for (String content : contents) {
      byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
      String key = plan.fileName().of(files.size() + 1);
      put(key, bytes);
      files.add(new DeliveredFile(prefix + "/" + key, 0, bytes.length, "00"));
      entries.add(
          "{\"url\":\"%s\",\"mandatory\":true,\"meta\":{\"content_length\":%d}}"
              .formatted(address(key), bytes.length));
    }
    String manifest = plan.manifest().orElseThrow();
    put(
        manifest,
        ("{\"entries\":[" + String.join(",", entries) + "]}").getBytes(StandardCharsets.UTF_8));
    return new DestinationResult(
        plan.destination(),
        "s3",
        RunStatus.SUCCEEDED,
        rows,
        files.stream().mapToLong(DeliveredFile::bytes).sum(),
        files,
        Optional.empty(),
        Optional.of(prefix + "/" + manifest),
        Optional.empty());
  }

  @Override
  public void finish() {}

  @Override
  public void close() {}

  @Override
  public void put(String key, byte[] content) {
    client.putObject(b -> b.bucket(bucket).key(prefix + "/" + key), RequestBody.fromBytes(content));
  }

  @Override
  public List<StoredObject> list(String below) {
    return client
        .listObjectsV2Paginator(b -> b.bucket(bucket).prefix(prefix + "/" + below))
        .contents()
        .stream()
        .map(o -> new StoredObject(o.key().substring(prefix.length() + 1), o.size()))
        .toList();
  }

  @Override
  public void delete(Collection<String> keys) {
    keys.forEach(key -> client.deleteObject(b -> b.bucket(bucket).key(prefix + "/" + key)));
  }

  @Override
  public String address(String key) {
    return "s3://" + bucket + "/" + prefix + "/" + key;
  }

  @Override
  public Optional<byte[]> read(String key) {
    try {
      return Optional.of(
          client.getObjectAsBytes(b -> b.bucket(bucket).key(prefix + "/" + key)).asByteArray());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
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
