package io.penstock.jobs.aws;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.config.S3Access;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.utils.SdkAutoCloseable;

/**
 * Temporary database passwords ("Using IAM authentication to generate database user credentials",
 * Amazon Redshift Management Guide). One is asked for when a connection is opened and the last one
 * is about to expire; an open connection outlives its password.
 */
public final class TemporaryLogins {
  private static final Duration LIFETIME = Duration.ofMinutes(15);

  /** A login may take this long after the password was handed out. */
  private static final Duration MARGIN = Duration.ofMinutes(1);

  private static final Map<Asked, TemporaryLogin> ISSUED = new ConcurrentHashMap<>();

  private final IamLogin iam;
  private final String database;

  private TemporaryLogins(IamLogin iam, String database) {
    this.iam = iam;
    this.database = database;
  }

  private record Asked(IamLogin iam, String database) {}

  /**
   * A login that is valid now.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change, or {@code
   *     SECRET_UNRESOLVED}
   */
  public static TemporaryLogin current(IamLogin iam, String database, SecretResolver secrets) {
    return ISSUED.compute(
        new Asked(iam, database),
        (asked, last) ->
            last != null && Instant.now().plus(MARGIN).isBefore(last.expires())
                ? last
                : new TemporaryLogins(iam, database).issue(secrets));
  }

  private TemporaryLogin issue(SecretResolver secrets) {
    S3Access signing =
        new S3Access(
            iam.region(),
            iam.endpoint(),
            false,
            S3Access.RequestChecksums.WHEN_SUPPORTED,
            iam.credentials(),
            new S3Access.Encryption.None());
    AwsCredentialsProvider provider = S3Clients.provider(S3Clients.resolved(signing, secrets));
    try {
      return issue(provider.resolveCredentials());
    } catch (SdkException e) {
      throw failed(
          "there are no AWS credentials to ask for it with (" + e.getMessage() + ")",
          "Give connection.iam.credentials, or the default chain, AWS credentials",
          e);
    } catch (IOException e) {
      throw failed(
          "AWS could not be asked for it (" + e.getClass().getSimpleName() + ")",
          "Check connection.iam.region, connection.iam.endpoint and the route to AWS",
          e);
    } finally {
      if (provider instanceof SdkAutoCloseable closeable) {
        closeable.close();
      }
    }
  }

  private TemporaryLogin issue(AwsCredentials credentials) throws IOException {
    SignedCall.Answer answer;
    if (iam.warehouse() instanceof Warehouse.Cluster) {
      answer = new SignedCall("redshift", iam.region(), iam.endpoint()).form(form(), credentials);
    } else {
      answer =
          new SignedCall("redshift-serverless", iam.region(), iam.endpoint())
              .json("RedshiftServerless.GetCredentials", document(), credentials);
    }
    if (answer.status() != 200) {
      throw refused(answer);
    }
    return iam.warehouse() instanceof Warehouse.Cluster
        ? new TemporaryLogin(
            answer.element("DbUser"),
            answer.element("DbPassword"),
            Instant.parse(answer.element("Expiration")))
        : new TemporaryLogin(
            answer.field("dbUser").asText(),
            answer.field("dbPassword").asText(),
            Instant.ofEpochSecond(answer.field("expiration").asLong()));
  }

  /** Amazon Redshift API Reference, "GetClusterCredentials", "GetClusterCredentialsWithIAM". */
  private Map<String, String> form() {
    Map<String, String> form = new LinkedHashMap<>();
    form.put(
        "Action",
        iam.user().isPresent() ? "GetClusterCredentials" : "GetClusterCredentialsWithIAM");
    form.put("Version", "2012-12-01");
    form.put("ClusterIdentifier", iam.warehouse().name());
    form.put("DbName", database);
    form.put("DurationSeconds", String.valueOf(LIFETIME.toSeconds()));
    iam.user()
        .ifPresent(
            user -> {
              form.put("DbUser", user);
              form.put("AutoCreate", "false");
            });
    return form;
  }

  /** Amazon Redshift Serverless API Reference, "GetCredentials". */
  private String document() {
    return new ObjectMapper()
        .createObjectNode()
        .put("workgroupName", iam.warehouse().name())
        .put("dbName", database)
        .put("durationSeconds", LIFETIME.toSeconds())
        .toString();
  }

  private PenstockException refused(SignedCall.Answer answer) {
    String code = answer.errorCode();
    boolean cluster = iam.warehouse() instanceof Warehouse.Cluster;
    if (code.toLowerCase(Locale.ROOT).contains("notfound")) {
      return failed(
          "AWS answered " + answer.status() + " " + code,
          "Change connection.iam."
              + (cluster ? "cluster" : "workgroup")
              + " or connection.iam.region");
    }
    String permission =
        cluster ? "redshift:" + form().get("Action") : "redshift-serverless:GetCredentials";
    return failed(
        "AWS answered " + answer.status() + " " + code,
        "Change connection.iam.credentials, or allow them " + permission);
  }

  private PenstockException failed(String reason, String remedy) {
    return PenstockException.of(ErrorCode.LOAD_CONNECTION, problem(), reason, remedy);
  }

  private PenstockException failed(String reason, String remedy, Exception cause) {
    return PenstockException.of(ErrorCode.LOAD_CONNECTION, problem(), reason, remedy, cause);
  }

  private String problem() {
    return "There is no temporary password for " + iam.warehouse().name();
  }
}
