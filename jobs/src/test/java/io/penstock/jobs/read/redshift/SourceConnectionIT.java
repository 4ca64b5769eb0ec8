package io.penstock.jobs.read.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Login;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.S3Access;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.tunnel.SshTunnels;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.apache.spark.sql.Row;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Driver and tasks reach a source as destinations are reached: encrypted, tunnelled, by IAM. */
class SourceConnectionIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.tunnelled();

  @BeforeAll
  static void fill() throws Exception {
    new SourceScene(SANDBOX, "reached")
        .execute(
            "CREATE TABLE IF NOT EXISTS public.reached (id INTEGER, name VARCHAR(20))",
            "DELETE FROM public.reached",
            "INSERT INTO public.reached SELECT n, 'n' || n FROM generate_series(1, 100) AS g(n)");
  }

  @AfterAll
  static void close() {
    SshTunnels.closeAll();
  }

  private static RedshiftConnection connection(Login login, HostKey hostKey) {
    SandboxProcess.Ssh ssh = SANDBOX.ssh();
    return new RedshiftConnection(
        SANDBOX.certificateHost(),
        SANDBOX.redshift().port(),
        SANDBOX.redshift().database(),
        login,
        new Tls(TlsMode.VERIFY_FULL, new Ca.File(String.valueOf(SANDBOX.redshift().ca()))),
        Optional.of(
            new Tunnel(
                ssh.host(),
                ssh.port(),
                ssh.user(),
                Optional.of(new Secret.Literal(ssh.password())),
                Optional.empty(),
                hostKey)),
        Optional.empty());
  }

  private static Login password() {
    return new PasswordLogin(
        SANDBOX.redshift().user(), new Secret.Literal(SANDBOX.redshift().password()));
  }

  private static Login iam() {
    return new IamLogin(
        new Warehouse.Cluster(SANDBOX.cluster()),
        Optional.of(SANDBOX.redshift().user()),
        SANDBOX.s3().region(),
        URI.create(SANDBOX.s3().endpoint()),
        new S3Access.Credentials.Keys(
            SANDBOX.s3().accessKey(), new Secret.Literal(SANDBOX.s3().secretKey()), null));
  }

  @ParameterizedTest
  @EnumSource(names = {"UNLOAD", "JDBC"})
  void readsThroughTlsAndATunnel(Reader reader) {
    HostKey known = new HostKey.KnownHosts(SANDBOX.ssh().knownHosts().toString());
    HostKey pinned = new HostKey.Fingerprint(SANDBOX.ssh().fingerprints().get(0));
    for (RedshiftConnection connection :
        List.of(connection(password(), known), connection(iam(), pinned))) {
      SourceScene scene =
          new SourceScene(SANDBOX, "reached").reader(reader).ranges("id", 3).connection(connection);
      try (WarehouseReads reads = new WarehouseReads(scene.run())) {
        List<Row> rows =
            reads
                .open("reached", scene.source(), LocalSpark.session())
                .orderBy("id")
                .collectAsList();

        assertThat(rows).hasSize(100);
        assertThat(rows.get(99)).hasToString("[100,n100]");
      }
    }
  }
}
