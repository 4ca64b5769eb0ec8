package io.penstock.jobs.store;

import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.StoreLocation;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Objects below a prefix of an S3 bucket. The client is shared and outlives the store. */
final class S3ObjectStore implements ObjectStore {
  private static final int KEYS_PER_DELETE = 1000;
  private static final int CONFLICT_ATTEMPTS = 5;

  private final S3Client client;
  private final String bucket;
  private final String base;
  private final Encryption encryption;
  private final S3Completion completion;

  S3ObjectStore(S3Client client, StoreLocation.Bucket location) {
    this.client = client;
    this.bucket = location.bucket();
    this.base = location.prefix().isEmpty() ? "" : location.prefix() + "/";
    this.encryption = location.access().encryption();
    this.completion = new S3Completion(client, bucket, encryption instanceof Encryption.SseKms);
  }

  @Override
  public Upload begin(String key) {
    return new S3Upload(this, key);
  }

  @Override
  public String beginJoined(String key) throws IOException {
    return createUpload(key);
  }

  @Override
  public PieceUpload beginPiece(String key, String handle, int slot, int slots) {
    return new S3PieceUpload(new S3Parts(this, key, handle), PartNumbers.of(slot, slots));
  }

  @Override
  public PendingObject join(String key, String handle, List<Piece> pieces, int slots)
      throws IOException {
    return S3Join.of(new S3Parts(this, key, handle), slots).join(key, handle, pieces);
  }

  /** What is stored of a piece goes with the upload. */
  @Override
  public void discard(Piece piece) {}

  @Override
  public InputStream open(String key) throws IOException {
    return call("read", key, () -> client.getObject(read -> read.bucket(bucket).key(base + key)));
  }

  String createUpload(String key) throws IOException {
    CreateMultipartUploadRequest.Builder request =
        CreateMultipartUploadRequest.builder().bucket(bucket).key(base + key);
    if (encryption instanceof Encryption.SseS3) {
      request.serverSideEncryption(ServerSideEncryption.AES256);
    } else if (encryption instanceof Encryption.SseKms kms) {
      request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kms.keyId());
    }
    return call(
        "begin an upload of", key, () -> client.createMultipartUpload(request.build()).uploadId());
  }

  String uploadPart(String key, String uploadId, int number, RequestBody body) throws IOException {
    return call(
        "send a part of",
        key,
        () ->
            client
                .uploadPart(
                    part ->
                        part.bucket(bucket).key(base + key).uploadId(uploadId).partNumber(number),
                    body)
                .eTag());
  }

  void abort(String key, String uploadId) throws IOException {
    try {
      client.abortMultipartUpload(abort -> abort.bucket(bucket).key(base + key).uploadId(uploadId));
    } catch (SdkException e) {
      if (status(e) != 404) {
        throw failure("abort the upload of", key, e);
      }
    }
  }

  @Override
  public void publish(PendingObject pending) throws IOException {
    if (pending.handle().isEmpty()) {
      put(pending.key(), new byte[0]);
      return;
    }
    try {
      completion.complete(base + pending.key(), pending);
    } catch (SdkException e) {
      throw failure("complete the upload of", pending.key(), e);
    }
  }

  @Override
  public void discard(PendingObject pending) throws IOException {
    if (!pending.handle().isEmpty()) {
      abort(pending.key(), pending.handle());
    }
  }

  @Override
  public void discardOpen(Predicate<String> keys) throws IOException {
    List<MultipartUpload> open =
        call(
            "list open uploads below",
            "",
            () ->
                client
                    .listMultipartUploadsPaginator(list -> list.bucket(bucket).prefix(base))
                    .uploads()
                    .stream()
                    .filter(upload -> upload.key().startsWith(base))
                    .filter(upload -> keys.test(upload.key().substring(base.length())))
                    .toList());
    for (MultipartUpload upload : open) {
      abort(upload.key().substring(base.length()), upload.uploadId());
    }
  }

  @Override
  public void put(String key, byte[] content) throws IOException {
    call(
        "write",
        key,
        () -> client.putObject(putRequest(key).build(), RequestBody.fromBytes(content)));
  }

  @Override
  public boolean putIfAbsent(String key, byte[] content) throws IOException {
    PutObjectRequest request = putRequest(key).ifNoneMatch("*").build();
    for (int attempt = 1; ; attempt++) {
      try {
        client.putObject(request, RequestBody.fromBytes(content));
        return true;
      } catch (SdkException e) {
        if (status(e) == 412) {
          // the reply of an attempt that wrote may be lost; the next one then meets its own work
          boolean again = attempt > 1 || (e.numAttempts() != null && e.numAttempts() > 1);
          return again && Arrays.equals(content, read(key).orElse(null));
        }
        // 409: another conditional write of the key is under way; only its end decides
        if (status(e) != 409 || attempt == CONFLICT_ATTEMPTS) {
          throw failure("write", key, e);
        }
      }
    }
  }

  PutObjectRequest.Builder putRequest(String key) {
    PutObjectRequest.Builder request = PutObjectRequest.builder().bucket(bucket).key(base + key);
    if (encryption instanceof Encryption.SseS3) {
      request.serverSideEncryption(ServerSideEncryption.AES256);
    } else if (encryption instanceof Encryption.SseKms kms) {
      request.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kms.keyId());
    }
    return request;
  }

  @Override
  public Optional<byte[]> read(String key) throws IOException {
    try {
      return Optional.of(
          client.getObjectAsBytes(read -> read.bucket(bucket).key(base + key)).asByteArray());
    } catch (SdkException e) {
      if (status(e) == 404 && !"NoSuchBucket".equals(code(e))) {
        return Optional.empty();
      }
      throw failure("read", key, e);
    }
  }

  @Override
  public List<StoredObject> list(String prefix) throws IOException {
    return call(
        "list",
        prefix,
        () -> {
          List<StoredObject> found = new ArrayList<>();
          for (S3Object object :
              client
                  .listObjectsV2Paginator(list -> list.bucket(bucket).prefix(base + prefix))
                  .contents()) {
            found.add(new StoredObject(object.key().substring(base.length()), object.size()));
          }
          return found;
        });
  }

  @Override
  public void delete(Collection<String> keys) throws IOException {
    List<ObjectIdentifier> all =
        keys.stream().map(key -> ObjectIdentifier.builder().key(base + key).build()).toList();
    for (int from = 0; from < all.size(); from += KEYS_PER_DELETE) {
      List<ObjectIdentifier> batch =
          all.subList(from, Math.min(all.size(), from + KEYS_PER_DELETE));
      List<S3Error> errors =
          call(
              "delete below",
              "",
              () ->
                  client
                      .deleteObjects(
                          delete ->
                              delete.bucket(bucket).delete(some -> some.objects(batch).quiet(true)))
                      .errors());
      if (!errors.isEmpty()) {
        S3Error first = errors.get(0);
        throw new IOException(
            "cannot delete s3://" + bucket + "/" + first.key() + ": " + first.code());
      }
    }
  }

  @Override
  public String address(String key) {
    return "s3://" + bucket + "/" + base + key;
  }

  @Override
  public void close() {}

  private <T> T call(String step, String key, Supplier<T> request) throws IOException {
    try {
      return request.get();
    } catch (SdkException e) {
      throw failure(step, key, e);
    }
  }

  private IOException failure(String step, String key, SdkException e) {
    return new IOException("cannot " + step + " " + address(key) + ": " + S3Failures.why(e), e);
  }

  static int status(SdkException e) {
    return e instanceof AwsServiceException service ? service.statusCode() : 0;
  }

  static @Nullable String code(SdkException e) {
    return e instanceof AwsServiceException service && service.awsErrorDetails() != null
        ? service.awsErrorDetails().errorCode()
        : null;
  }
}
