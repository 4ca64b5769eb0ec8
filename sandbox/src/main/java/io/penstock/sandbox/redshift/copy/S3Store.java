package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.S3Endpoint;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.SdkHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;

/** Amazon S3 as one statement sees it: with that statement's keys, errors in Redshift's words. */
final class S3Store implements AutoCloseable {
  private static final String INTERNAL_ERROR = "XX000";

  private final S3Client client;

  private S3Store(S3Client client) {
    this.client = client;
  }

  /**
   * @param http shared between statements; closing the store leaves it open
   */
  static S3Store open(
      S3Endpoint endpoint,
      SdkHttpClient http,
      Authorization authorization,
      @Nullable String region) {
    return new S3Store(
        S3Client.builder()
            .endpointOverride(endpoint.endpoint())
            .region(Region.of(region == null ? endpoint.region() : region))
            .forcePathStyle(true)
            .httpClient(http)
            .credentialsProvider(
                StaticCredentialsProvider.create(credentials(endpoint, authorization)))
            .build());
  }

  private static AwsCredentials credentials(S3Endpoint endpoint, Authorization authorization) {
    if (authorization instanceof Authorization.Keys keys) {
      String token = keys.sessionToken();
      return token == null
          ? AwsBasicCredentials.create(keys.accessKey(), keys.secretKey())
          : AwsSessionCredentials.create(keys.accessKey(), keys.secretKey(), token);
    }
    return AwsBasicCredentials.create(endpoint.accessKey(), endpoint.secretKey());
  }

  /** An object's location and size in bytes. */
  record Listed(S3Location location, long size) {}

  /** Every object whose key begins with the location's, in the order of the keys. */
  List<Listed> list(S3Location prefix) throws SqlError {
    try {
      List<Listed> found = new ArrayList<>();
      for (S3Object object :
          client
              .listObjectsV2Paginator(r -> r.bucket(prefix.bucket()).prefix(prefix.key()))
              .contents()) {
        found.add(new Listed(prefix.withKey(object.key()), object.size()));
      }
      return found;
    } catch (SdkException e) {
      throw error(e);
    }
  }

  /** The object's size in bytes, or -1 if there is none. */
  long size(S3Location location) throws SqlError {
    try {
      return client
          .headObject(r -> r.bucket(location.bucket()).key(location.key()))
          .contentLength();
    } catch (S3Exception e) {
      if (e.statusCode() == 404) {
        return -1;
      }
      throw error(e);
    } catch (SdkException e) {
      throw error(e);
    }
  }

  InputStream read(S3Location location) throws SqlError {
    try {
      return client.getObject(r -> r.bucket(location.bucket()).key(location.key()));
    } catch (SdkException e) {
      throw error(e);
    }
  }

  byte[] readAll(S3Location location) throws SqlError, IOException {
    try (InputStream in = read(location)) {
      return in.readAllBytes();
    } catch (SdkException e) {
      throw error(e);
    }
  }

  /**
   * @param kmsKey null: the object is encrypted with Amazon S3's own keys
   */
  void write(S3Location location, Path file, @Nullable String kmsKey) throws SqlError {
    write(location, RequestBody.fromFile(file), kmsKey);
  }

  void write(S3Location location, byte[] content, @Nullable String kmsKey) throws SqlError {
    write(location, RequestBody.fromBytes(content), kmsKey);
  }

  private void write(S3Location location, RequestBody body, @Nullable String kmsKey)
      throws SqlError {
    PutObjectRequest.Builder put =
        PutObjectRequest.builder().bucket(location.bucket()).key(location.key());
    if (kmsKey != null) {
      put.serverSideEncryption(ServerSideEncryption.AWS_KMS).ssekmsKeyId(kmsKey);
    }
    try {
      client.putObject(put.build(), body);
    } catch (SdkException e) {
      throw error(e);
    }
  }

  void delete(S3Location location) throws SqlError {
    try {
      client.deleteObject(r -> r.bucket(location.bucket()).key(location.key()));
    } catch (SdkException e) {
      throw error(e);
    }
  }

  /** The failure as Redshift words it; it names codes and requests, never keys. */
  private static SqlError error(SdkException failure) {
    if (failure instanceof S3Exception refused) {
      AwsErrorDetails details = refused.awsErrorDetails();
      String code = details == null ? "" : details.errorCode();
      String message = details == null ? "" : details.errorMessage();
      if (refused.statusCode() == 403 && (code == null || code.isEmpty())) {
        code = "AccessDenied";
        message = "Access Denied";
      }
      return new SqlError(
          INTERNAL_ERROR,
          "S3ServiceException:"
              + inAwsWords(String.valueOf(code), String.valueOf(message))
              + ",Status "
              + refused.statusCode()
              + ",Error "
              + code
              + ",Rid "
              + refused.requestId()
              + ",CanRetry 1");
    }
    return new SqlError(INTERNAL_ERROR, "S3CurlException: Amazon S3 could not be reached");
  }

  /** S3-compatible stores word these differently; clients look for Amazon's text. */
  private static String inAwsWords(String code, String message) {
    return switch (code) {
      case "InvalidAccessKeyId" ->
          "The AWS Access Key Id you provided does not exist in our records.";
      case "SignatureDoesNotMatch" ->
          "The request signature we calculated does not match the signature you provided. Check"
              + " your key and signing method.";
      case "NoSuchBucket" -> "The specified bucket does not exist";
      case "NoSuchKey" -> "The specified key does not exist.";
      default -> message;
    };
  }

  @Override
  public void close() {
    client.close();
  }
}
