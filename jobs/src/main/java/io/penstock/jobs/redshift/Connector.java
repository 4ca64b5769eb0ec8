package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The spark-redshift community connector, addressed by its format name only, and the options by
 * which it is told where to connect and with what. The password and keys are among those that Spark
 * redacts.
 */
public final class Connector {
  public static final String FORMAT = "io.github.spark_redshift_community.spark.redshift";
  public static final String COORDINATES =
      "io.github.spark-redshift-community:spark-redshift_2.12:6.6.1-spark_3.5";

  private Connector() {}

  public static boolean isPresent() {
    ClassLoader context = Thread.currentThread().getContextClassLoader();
    ClassLoader loader = context == null ? Connector.class.getClassLoader() : context;
    try {
      Class.forName(FORMAT + ".DefaultSource", false, loader);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** Whether the connector can be given the credentials: a role, or keys that are temporary. */
  public static boolean takes(CopyCredentials credentials, S3Access staging) {
    return !(credentials instanceof CopyCredentials.FromStaging
        && staging.credentials() instanceof S3Access.Credentials.Keys keys
        && keys.sessionToken() == null);
  }

  /**
   * The options that say where to connect, where files lie between, and with what.
   *
   * @param tempdir below which the connector makes a folder of its own, as s3a has it
   * @param whose who asks, such as {@code destination warehouse}
   * @param instead what to write where the credentials are none that the connector takes
   * @throws PenstockException {@code CONFIG_CONFLICT}, {@code SECRET_UNRESOLVED}, {@code
   *     LOAD_CONNECTION}
   */
  public static Map<String, String> options(
      Database database,
      String tempdir,
      Authorization authorization,
      String whose,
      String instead) {
    Map<String, String> options = new LinkedHashMap<>();
    options.put("url", database.addressWithTls());
    Database.Login login = database.login();
    options.put("user", login.user());
    options.put("password", login.password());
    options.put("jdbcdriver", "com.amazon.redshift.jdbc.Driver");
    options.put("tempdir", tempdir);
    options.put("tempdir_region", authorization.staging().region());
    options.putAll(authorization.options(whose, instead));
    return options;
  }

  /** The location as s3a has it. */
  public static String s3a(StoreLocation.Bucket location) {
    return "s3a://"
        + location.bucket()
        + (location.prefix().isEmpty() ? "" : "/" + location.prefix());
  }

  /** What COPY and UNLOAD are to sign with. */
  public record Authorization(CopyCredentials credentials, S3Access staging, StagingKeys keys) {

    Map<String, String> options(String whose, String instead) {
      if (credentials instanceof CopyCredentials.IamRole role) {
        return Map.of("aws_iam_role", role.arn());
      }
      CopyAuthorization.Keys resolved = keys.resolve(staging);
      String token =
          resolved
              .sessionToken()
              .orElseThrow(
                  () ->
                      PenstockException.of(
                          ErrorCode.CONFIG_CONFLICT,
                          "The connector cannot be used for " + whose,
                          "it takes an IAM role or temporary keys, and the credentials of staging"
                              + " are not temporary",
                          instead));
      return Map.of(
          "temporary_aws_access_key_id", resolved.accessKey(),
          "temporary_aws_secret_access_key", resolved.secretKey(),
          "temporary_aws_session_token", token);
    }
  }
}
