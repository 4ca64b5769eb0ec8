package io.penstock.jobs.store;

import java.util.Objects;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.sts.model.StsException;

/** What S3 or STS answered, and the key of the job file that it points to. */
final class S3Failures {
  private static final String ROLE =
      "credentials.role-arn, credentials.external-id and whom the role trusts";

  private S3Failures() {}

  static String why(SdkException failure) {
    if (!(failure instanceof AwsServiceException refused)) {
      return String.valueOf(failure.getMessage());
    }
    AwsErrorDetails details = refused.awsErrorDetails();
    String code = details == null ? null : details.errorCode();
    if (code == null) {
      // an answer to HEAD has no body that could say more
      return "status " + refused.statusCode();
    }
    String key = refused instanceof StsException ? ROLE : key(code);
    return refused.statusCode()
        + " "
        + code
        + " "
        + Objects.toString(details.errorMessage(), "")
        + (key == null ? "" : "; check " + key);
  }

  /**
   * Codes: Amazon S3 API Reference, "Error responses"; KMS answers with its own names behind {@code
   * KMS.}.
   */
  private static @Nullable String key(String code) {
    if (code.startsWith("KMS.")) {
      return "encryption-at-rest.key-id";
    }
    return switch (code) {
      case "InvalidAccessKeyId" -> "credentials.access-key";
      case "SignatureDoesNotMatch" -> "credentials.secret-key";
      case "InvalidToken", "ExpiredToken" -> "credentials.session-token";
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          "region";
      case "NoSuchBucket" -> "bucket";
      default -> null;
    };
  }
}
