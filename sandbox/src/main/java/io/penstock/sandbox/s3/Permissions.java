package io.penstock.sandbox.s3;

import java.time.Duration;
import java.util.List;

/**
 * Who may do what.
 *
 * @param owner may do everything, and assume every role
 * @param longestSession keys of a role and temporary logins expire after this time, or earlier
 *     where the request says so
 * @param kmsKeys ARNs or ids of the keys that objects may be encrypted with
 */
public record Permissions(
    AccessKey owner, List<Role> roles, Duration longestSession, List<String> kmsKeys) {

  /** The MaxSessionDuration of a role that was created without one. */
  public static final Duration DEFAULT_SESSION = Duration.ofHours(1);

  /** The cluster that temporary logins may be asked of. */
  public static final String CLUSTER = "penstock-sandbox";

  /** The workgroup of Redshift Serverless that is the same database. */
  public static final String WORKGROUP = "penstock-sandbox-serverless";

  public Permissions {
    roles = List.copyOf(roles);
    kmsKeys = List.copyOf(kmsKeys);
  }

  /** The ARN of a key for where none is declared. */
  public static String defaultKmsKey(String region) {
    return KmsKeys.defaultArn(region);
  }
}
