package io.penstock.sandbox.s3;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** The keys that objects may be encrypted with: those that were declared, and S3's own. */
final class KmsKeys {
  private static final String ACCOUNT = "123456789012";
  private static final String DEFAULT_ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
  private static final String AWS_MANAGED_ID = "0987dcba-09fe-87dc-65ba-ab0987654321";
  private static final String ARN_START = "arn:";

  private final Map<String, String> arns = new LinkedHashMap<>();
  private final String awsManaged;

  /**
   * @param declared ids or ARNs
   */
  KmsKeys(List<String> declared, String region) {
    for (String key : declared) {
      String arn = key.startsWith(ARN_START) ? key : arn(region, key);
      arns.put(arn, arn);
      arns.put(arn.substring(arn.lastIndexOf('/') + 1), arn);
    }
    awsManaged = arn(region, AWS_MANAGED_ID);
    arns.put(awsManaged, awsManaged);
  }

  /** The ARN of the key of a sandbox for which none is declared. */
  static String defaultArn(String region) {
    return arn(region, DEFAULT_ID);
  }

  private static String arn(String region, String id) {
    return "arn:aws:kms:" + region + ":" + ACCOUNT + ":key/" + id;
  }

  /**
   * The ARN of a key.
   *
   * @param idOrArn null: the key {@code aws/s3} of the account
   * @throws S3Exception {@code KMS.NotFoundException}
   */
  String arn(@Nullable String idOrArn) {
    if (idOrArn == null) {
      return awsManaged;
    }
    String arn = arns.get(idOrArn);
    if (arn == null) {
      throw S3Exception.builder()
          .statusCode(400)
          .awsErrorDetails(
              AwsErrorDetails.builder()
                  .errorCode("KMS.NotFoundException")
                  .errorMessage("Invalid keyId '" + idOrArn + "'")
                  .build())
          .build();
    }
    return arn;
  }
}
