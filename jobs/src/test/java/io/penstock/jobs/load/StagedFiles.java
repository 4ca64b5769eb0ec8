package io.penstock.jobs.load;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.StagedDelivery;
import io.penstock.jobs.store.PendingObject;
import io.penstock.jobs.store.Upload;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.WholeObjects;
import java.net.URI;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/** CSV files that a test stages with the AWS SDK: what a delivery would leave for COPY. */
final class StagedFiles extends WholeObjects implements StagedDelivery {
  private static final Map<String, S3Client> CLIENTS = new ConcurrentHashMap<>();

  private final S3Client client;
  private final String bucket;
  private final String prefix;
  private final RecordedFiles files;

  /**
   * @param contents of the files, one string each
   * @param rows that the delivery says it wrote
   */
  StagedFiles(SandboxProcess.S3 s3, DeliveryPlan plan, List<String> contents, long rows) {
    this.client = CLIENTS.computeIfAbsent(s3.endpoint(), endpoint -> client(s3));
    StoreLocation.Bucket location = (StoreLocation.Bucket) plan.location();
    this.bucket = location.bucket();
    this.prefix = location.prefix();
    this.files = new RecordedFiles(plan, contents, rows);
  }

  private static S3Client client(SandboxProcess.S3 s3) {
    return S3Client.builder()
        .endpointOverride(URI.create(s3.endpoint()))
        .region(Region.of(s3.region()))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(s3.accessKey(), s3.secretKey())))
        .build();
  }

  @Override
  public long rows() {
    return files.rows();
  }

  @Override
  public DestinationResult publish() {
    files.objects().forEach(this::put);
    return files.publish();
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
