package io.penstock.sandbox.s3;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HexFormat;
import java.util.Optional;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.ForwardingBlobStore;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Object;

/**
 * Objects "encrypted" with a key of AWS KMS: nothing is encrypted, but only keys that exist can be
 * named, and an entity tag is not the MD5 of the content (Amazon S3 API Reference, "Object"). The
 * tag is made of the true one and the time of the last write, so that writing the same bytes again
 * changes it.
 */
final class KmsObjects extends ForwardingBlobStore {
  private static final String KMS = "aws:kms";
  private static final String NO_TAG = "\"none\"";

  private final KmsKeys keys;
  private volatile boolean mayHoldAny;

  /**
   * @param mayHoldAny false only where the store has no object yet
   */
  KmsObjects(BlobStore files, KmsKeys keys, boolean mayHoldAny) {
    super(files);
    this.keys = keys;
    this.mayHoldAny = mayHoldAny;
  }

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream content) {
    Optional<String> key = key(request.serverSideEncryptionAsString(), request.ssekmsKeyId());
    PutObjectRequest.Builder checked = request.toBuilder();
    key.ifPresent(checked::ssekmsKeyId);
    checked.ifMatch(trueTag(request.bucket(), request.key(), request.ifMatch()));
    PutObjectResponse response = super.putBlob(checked.build(), content);
    return key.isEmpty()
        ? response
        : response.toBuilder().eTag(tagNow(request.bucket(), request.key())).build();
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    CreateMultipartUploadRequest.Builder checked = request.toBuilder();
    key(request.serverSideEncryptionAsString(), request.ssekmsKeyId())
        .ifPresent(checked::ssekmsKeyId);
    return super.initiateMultipartUpload(checked.build());
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload upload, CompleteMultipartUploadRequest request) {
    CompleteMultipartUploadResponse response = super.completeMultipartUpload(upload, request);
    return KMS.equals(response.serverSideEncryptionAsString())
        ? response.toBuilder().eTag(tagNow(upload.containerName(), upload.blobName())).build()
        : response;
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    Optional<String> key = key(request.serverSideEncryptionAsString(), request.ssekmsKeyId());
    CopyObjectRequest.Builder checked = request.toBuilder();
    key.ifPresent(checked::ssekmsKeyId);
    checked.copySourceIfMatch(
        trueTag(request.sourceBucket(), request.sourceKey(), request.copySourceIfMatch()));
    CopyObjectResponse response = super.copyBlob(checked.build());
    if (key.isEmpty()) {
      return response;
    }
    String tag = tagNow(request.destinationBucket(), request.destinationKey());
    return response.toBuilder()
        .copyObjectResult(response.copyObjectResult().toBuilder().eTag(tag).build())
        .build();
  }

  @Override
  public @Nullable HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    HeadObjectResponse found = super.blobMetadata(request);
    return found == null || !KMS.equals(found.serverSideEncryptionAsString())
        ? found
        : found.toBuilder().eTag(tag(found.eTag(), found.lastModified())).build();
  }

  @Override
  public @Nullable ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    String bucket = request.bucket();
    ResponseInputStream<GetObjectResponse> content =
        super.getBlob(
            request.toBuilder()
                .ifMatch(trueTag(bucket, request.key(), request.ifMatch()))
                .ifNoneMatch(trueTag(bucket, request.key(), request.ifNoneMatch()))
                .build());
    if (content == null || !KMS.equals(content.response().serverSideEncryptionAsString())) {
      return content;
    }
    GetObjectResponse response = content.response();
    return SdkResponses.getResponse(
        response.toBuilder().eTag(tag(response.eTag(), response.lastModified())).build(), content);
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    ListObjectsV2Response page = super.list(request);
    return mayHoldAny
        ? page.toBuilder()
            .contents(
                page.contents().stream().map(object -> listed(request.bucket(), object)).toList())
            .build()
        : page;
  }

  private S3Object listed(String bucket, S3Object object) {
    HeadObjectResponse head = blobMetadataIfPresent(bucket, object.key());
    return head != null && KMS.equals(head.serverSideEncryptionAsString())
        ? object.toBuilder().eTag(head.eTag()).build()
        : object;
  }

  /** The ARN of the key that a write names; empty: the write is not for KMS. */
  private Optional<String> key(@Nullable String algorithm, @Nullable String keyId) {
    if (algorithm == null || !algorithm.startsWith(KMS)) {
      return Optional.empty();
    }
    if (!algorithm.equals(KMS)) {
      throw new UnsupportedOperationException(algorithm + " is not supported by the sandbox");
    }
    mayHoldAny = true;
    return Optional.of(keys.arn(keyId));
  }

  private String tagNow(String bucket, String key) {
    return blobMetadata(bucket, key).eTag();
  }

  /** A condition on the shown tag as one on the tag that the file store knows. */
  private @Nullable String trueTag(String bucket, String key, @Nullable String given) {
    if (given == null || given.equals("*") || !mayHoldAny) {
      return given;
    }
    HeadObjectResponse shown = blobMetadataIfPresent(bucket, key);
    if (shown == null || !KMS.equals(shown.serverSideEncryptionAsString())) {
      return given;
    }
    if (!plain(shown.eTag()).equals(plain(given))) {
      return NO_TAG;
    }
    HeadObjectRequest request = HeadObjectRequest.builder().bucket(bucket).key(key).build();
    return delegate().blobMetadata(request).eTag();
  }

  private static String tag(String trueTag, Instant written) {
    String plain = plain(trueTag);
    int dash = plain.indexOf('-');
    String parts = dash < 0 ? "" : plain.substring(dash);
    return '"' + md5(plain + " " + written) + parts + '"';
  }

  private static String plain(String tag) {
    return tag.replace("\"", "");
  }

  private static String md5(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("MD5").digest(text.getBytes(StandardCharsets.UTF_8));
      return HexFormat.of().formatHex(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
