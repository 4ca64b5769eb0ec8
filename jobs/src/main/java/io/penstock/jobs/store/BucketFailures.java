package io.penstock.jobs.store;

import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.net.UnknownHostException;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/**
 * What the refusals of a store mean, and the key to change (Amazon S3 API Reference, "Error
 * responses"). Of the store's answer status and code are repeated, never the message: it may quote
 * what was sent.
 */
final class BucketFailures {
  private static final Set<String> OF_SIGNING =
      Set.of(
          "InvalidAccessKeyId",
          "SignatureDoesNotMatch",
          "ExpiredToken",
          "InvalidToken",
          "TokenRefreshRequired",
          "RequestTimeTooSkewed",
          "InvalidSecurity",
          "NotSignedUp",
          "AccountProblem",
          "MissingSecurityHeader");

  private final UnaryOperator<String> keys;
  private final StoreLocation.Bucket location;

  /**
   * @param keys what a key of the bucket is called in the job file
   */
  BucketFailures(UnaryOperator<String> keys, StoreLocation.Bucket location) {
    this.keys = keys;
    this.location = location;
  }

  static boolean isOfSigning(AwsServiceException e) {
    return e instanceof StsException || OF_SIGNING.contains(code(e)) || e.statusCode() == 401;
  }

  /** Of AWS KMS, or of the right to use a key of it. */
  static boolean isOfEncryption(AwsServiceException e) {
    String message = e.awsErrorDetails() == null ? "" : "" + e.awsErrorDetails().errorMessage();
    return code(e).startsWith("KMS.")
        || code(e).contains("Encryption")
        || (e.statusCode() == 403 && message.contains("kms:"))
        || (e.statusCode() == 501 && code(e).equals("NotImplemented"))
        || (e.statusCode() == 400 && message.contains("KMS"));
  }

  /** The region that a refusal of HeadBucket names. */
  static Optional<String> regionNamed(AwsServiceException e) {
    return e.awsErrorDetails() == null || e.awsErrorDetails().sdkHttpResponse() == null
        ? Optional.empty()
        : e.awsErrorDetails().sdkHttpResponse().firstMatchingHeader("x-amz-bucket-region");
  }

  PenstockException ofSigning(AwsServiceException e) {
    if (e instanceof StsException) {
      return failed(
          "the role cannot be assumed",
          answer(e),
          "change "
              + key("credentials.role-arn")
              + " or "
              + key("credentials.external-id")
              + ", or let the role trust the driver's own credentials",
          e);
    }
    boolean keys = location.access().credentials() instanceof Credentials.Keys;
    String key =
        switch (code(e)) {
          case "InvalidAccessKeyId" -> keys ? "credentials.access-key" : "credentials";
          case "SignatureDoesNotMatch" -> keys ? "credentials.secret-key" : "credentials";
          case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
              keys ? "credentials.session-token" : "credentials";
          default -> "credentials";
        };
    return failed(
        "the store does not take the signature",
        answer(e),
        code(e).equals("RequestTimeTooSkewed")
            ? "set the clock of this machine"
            : "change " + key(key),
        e);
  }

  /** No answer, or no request: no credentials, no such host, no connection. */
  PenstockException ofClient(SdkException e) {
    if (e instanceof AwsServiceException service) {
      return ofSigning(service);
    }
    String message = String.valueOf(e.getMessage());
    if (message.contains("credentials")) {
      return failed(
          "there are no credentials to sign with",
          "the default chain found none",
          "set "
              + key("credentials")
              + ", or give the driver a role or AWS_ACCESS_KEY_ID and"
              + " AWS_SECRET_ACCESS_KEY",
          e);
    }
    boolean own = location.access().endpoint() != null;
    String host = own ? String.valueOf(location.access().endpoint()) : "Amazon S3";
    Throwable root = root(e);
    return failed(
        host + " does not answer",
        root.getClass().getSimpleName(),
        own
            ? "change " + key("endpoint") + ", or start what serves it"
            : root instanceof UnknownHostException
                ? "change " + key("region") + " or " + key("bucket") + ", or check DNS"
                : "check " + key("region") + " and that this machine has a route to Amazon S3",
        e);
  }

  PenstockException ofRegion(String actual) {
    return failed(
        "the bucket " + location.bucket() + " is in " + actual,
        key("region") + " is " + location.access().region(),
        "set " + key("region") + " = " + actual,
        null);
  }

  PenstockException ofBucket(AwsServiceException e) {
    if (e.statusCode() == 404) {
      return failed(
          "there is no bucket " + location.bucket(),
          answer(e),
          "change " + key("bucket") + ", or create it",
          e);
    }
    if (e.statusCode() == 403) {
      return failed(
          "the bucket " + location.bucket() + " may not be looked at",
          answer(e),
          "allow s3:ListBucket on it to " + key("credentials") + ", or change " + key("bucket"),
          e);
    }
    return failed(
        "the bucket " + location.bucket() + " cannot be looked at",
        answer(e),
        "check " + key("bucket") + ", " + key("region") + " and " + key("endpoint"),
        e);
  }

  PenstockException ofWriting(AwsServiceException e) {
    return failed(
        "nothing can be written to " + location + " and read again",
        answer(e),
        "allow s3:PutObject and s3:GetObject below it to "
            + key("credentials")
            + ", or change "
            + key("prefix")
            + " or "
            + key("bucket"),
        e);
  }

  PenstockException ofContent(String objectKey) {
    return failed(
        "s3://" + location.bucket() + "/" + objectKey + " does not hold what was written",
        "the store answers with other bytes",
        "check " + key("endpoint") + " and " + key("request-checksums"),
        null);
  }

  PenstockException ofRemoving(String objectKey, SdkException e) {
    return failed(
        "s3://" + location.bucket() + "/" + objectKey + " could not be removed",
        e instanceof AwsServiceException service
            ? answer(service)
            : root(e).getClass().getSimpleName(),
        "allow s3:DeleteObject below the prefix to "
            + key("credentials")
            + ", and remove the object",
        e);
  }

  PenstockException ofEncryption(AwsServiceException e) {
    return failed(
        "the encryption key cannot be used",
        answer(e),
        "change "
            + key("encryption-at-rest")
            + ", or allow kms:GenerateDataKey and kms:Decrypt on the key to "
            + key("credentials"),
        e);
  }

  PenstockException ofEncryption(String expected, @Nullable String actual) {
    return failed(
        "objects are not encrypted as " + key("encryption-at-rest") + " asks",
        "the store answers "
            + (actual == null ? "without encryption" : actual)
            + ", not "
            + expected,
        "change " + key("encryption-at-rest") + ", or take a store that encrypts so",
        null);
  }

  private String key(String name) {
    return keys.apply(name);
  }

  private static String answer(AwsServiceException e) {
    String code = code(e);
    return "the store answers " + e.statusCode() + (code.isEmpty() ? "" : " " + code);
  }

  private static String code(AwsServiceException e) {
    String code = e.awsErrorDetails() == null ? null : e.awsErrorDetails().errorCode();
    return code == null ? "" : code;
  }

  private static Throwable root(Throwable failure) {
    Throwable at = failure;
    for (int depth = 0; depth < 20 && at.getCause() != null; depth++) {
      at = at.getCause();
    }
    return at;
  }

  private static PenstockException failed(
      String problem, String reason, String remedy, @Nullable Throwable cause) {
    return cause == null
        ? PenstockException.of(ErrorCode.VERIFICATION_FAILED, problem, reason, remedy)
        : PenstockException.of(ErrorCode.VERIFICATION_FAILED, problem, reason, remedy, cause);
  }
}
