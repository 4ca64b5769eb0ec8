package io.penstock.jobs.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.config.S3Access;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.aws.TemporaryLogin;
import io.penstock.jobs.aws.TemporaryLogins;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.tunnel.SshTunnels;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Temporary passwords of a cluster and of a workgroup, which expire. */
class TemporaryLoginIT {
  private static final int SECONDS = 4;
  private static final String CANARY = "canary8a77";
  private static SandboxProcess sandbox;

  @BeforeAll
  static void start() throws Exception {
    sandbox = SandboxProcess.start("--tls", "--ssh", "--role-seconds", String.valueOf(SECONDS));
  }

  @AfterAll
  static void stop() {
    SshTunnels.closeAll();
    sandbox.close();
  }

  private static IamLogin login(Warehouse warehouse, Optional<String> user, String secretKey) {
    return new IamLogin(
        warehouse,
        user,
        sandbox.s3().region(),
        URI.create(sandbox.s3().endpoint()),
        new S3Access.Credentials.Keys(
            sandbox.s3().accessKey(), new Secret.Literal(secretKey), null));
  }

  private static IamLogin cluster(Optional<String> user) {
    return login(new Warehouse.Cluster(sandbox.cluster()), user, sandbox.s3().secretKey());
  }

  private static IamLogin workgroup() {
    return login(
        new Warehouse.Workgroup(sandbox.workgroup()), Optional.empty(), sandbox.s3().secretKey());
  }

  private static PenstockException refused(IamLogin login) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class, () -> new WayIn(sandbox).login(login).query("SELECT 1"));
    assertThat(refused).isNotNull();
    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
    assertThat(refused.toString()).doesNotContain(CANARY);
    return refused;
  }

  @Test
  void signInToACluster() {
    for (Optional<String> user :
        java.util.List.of(Optional.of("awsuser"), Optional.<String>empty())) {
      WayIn way = new WayIn(sandbox).login(cluster(user));
      assertThat(way.query("SELECT current_user")).isEqualTo("awsuser");
      assertThat(way.query("SELECT session_user")).isEqualTo("IAM:awsuser");
    }
  }

  @Test
  void signInToAWorkgroup() {
    WayIn way = new WayIn(sandbox).login(workgroup()).direct().host("localhost");
    assertThat(way.query("SELECT current_user")).isEqualTo("awsuser");
  }

  @Test
  void expireAndAreAskedForAnew() throws Exception {
    IamLogin iam = cluster(Optional.of("awsuser"));
    TemporaryLogin first = TemporaryLogins.current(iam, "dev", WayIn.SECRETS);
    assertThat(first.expires()).isBetween(Instant.now(), Instant.now().plusSeconds(SECONDS + 1));
    assertThat(first.toString()).doesNotContain(first.password());
    Thread.sleep(Duration.ofSeconds(SECONDS + 1).toMillis());

    assertThat(new WayIn(sandbox).login(iam).query("SELECT 1")).isEqualTo("1");
    TemporaryLogin second = TemporaryLogins.current(iam, "dev", WayIn.SECRETS);
    assertThat(second.password()).isNotEqualTo(first.password());
    // the server, not only the client, has let the first one go
    PenstockException late =
        catchThrowableOfType(
            PenstockException.class,
            () ->
                new WayIn(sandbox)
                    .login(
                        new io.penstock.common.config.RedshiftConnection.PasswordLogin(
                            first.user(), new Secret.Literal(first.password())))
                    .query("SELECT 1"));
    assertThat(late.remedy()).contains("connection.password");
  }

  @Test
  void areRefusedWithTheKeyToChange() {
    Warehouse cluster = new Warehouse.Cluster(sandbox.cluster());
    assertThat(refused(login(cluster, Optional.of("awsuser"), CANARY)))
        .satisfies(
            refused -> {
              assertThat(refused.reason()).contains("403 SignatureDoesNotMatch");
              assertThat(refused.remedy()).contains("connection.iam.credentials");
            });
    assertThat(
            refused(login(new Warehouse.Workgroup(sandbox.workgroup()), Optional.empty(), CANARY))
                .remedy())
        .contains("connection.iam.credentials");
    String right = sandbox.s3().secretKey();
    assertThat(
            refused(login(new Warehouse.Cluster("other"), Optional.of("awsuser"), right)).remedy())
        .contains("connection.iam.cluster");
    assertThat(refused(login(new Warehouse.Workgroup("other"), Optional.empty(), right)).remedy())
        .contains("connection.iam.workgroup");
    assertThat(refused(cluster(Optional.of("nobody"))).remedy()).contains("connection.user");
  }
}
