package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** How loads fail: what the table holds after, and what the user is told. */
final class LoadFailuresIT {
  private static final String CANARY = "canary9f3e";

  private static SandboxProcess sandbox;

  @BeforeAll
  static void start() throws IOException {
    sandbox = SandboxProcess.start();
  }

  @AfterAll
  static void stop() {
    sandbox.close();
  }

  private static PenstockException failure(LoadScene scene, Write write, StagedFiles files) {
    return catchThrowableOfType(PenstockException.class, () -> scene.loads("r2", write, files));
  }

  /** A failure before anything is staged. */
  private static PenstockException failure(LoadScene scene) {
    return failure(scene, Write.APPEND, scene.files("r2", 0));
  }

  private static String everythingSaid(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }

  @Test
  void namesColumnLineAndFileOfARefusedRowAndNotItsValue() {
    LoadScene scene = new LoadScene(sandbox, "refused");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,old\n"));
    StagedFiles files = scene.files("r2", 3, "2,a\n", "3,b\n" + CANARY + "," + CANARY + "\n");

    PenstockException refused = failure(scene, Write.OVERWRITE, files);

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_DATA_REFUSED);
    assertThat(refused.reason())
        .contains("column id")
        .contains("line 2 of s3://penstock/staging/refused/r2/rows_0000002.csv")
        .contains("code ");
    assertThat(everythingSaid(refused)).doesNotContain(CANARY);
    assertThat(scene.query("SELECT email FROM public.refused")).containsExactly("old");
    assertThat(files.list("")).isEmpty();
  }

  @Test
  void rollsBackWhereMoreRowsAreCopiedThanDelivered() {
    LoadScene scene = new LoadScene(sandbox, "surplus");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,old\n"));

    PenstockException mismatch =
        failure(scene, Write.OVERWRITE, scene.files("r2", 1, "2,a\n", "3,b\n"));

    assertThat(mismatch.code()).isEqualTo(ErrorCode.RECONCILIATION_MISMATCH);
    assertThat(mismatch.reason()).contains("1 rows were delivered and 2 rows that COPY loaded");
    assertThat(scene.query("SELECT id FROM public.surplus")).containsExactly("1");
    assertThat(scene.query("SELECT run_id FROM _state_surplus.runs")).containsExactly("r1");
  }

  @Test
  void rollsBackWhereAStatementOfTheUserFails() {
    LoadScene scene =
        new LoadScene(sandbox, "posted").postSql("INSERT INTO public.no_such_table VALUES (1)");

    PenstockException failed = failure(scene, Write.APPEND, scene.files("r2", 1, "1,a\n"));

    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(failed.problem()).contains("post-sql statement 1");
    assertThat(failed.reason()).contains("no_such_table").contains("42P01");
    assertThat(scene.query("SELECT to_regclass('public.posted') IS NULL")).containsExactly("t");
  }

  @Test
  void doesNotRepeatAValueThatAStatementQuotes() {
    LoadScene scene =
        new LoadScene(sandbox, "quoted").preSql("SELECT CAST('" + CANARY + "' AS INTEGER)");

    PenstockException failed = failure(scene, Write.APPEND, scene.files("r2", 1, "1,a\n"));

    assertThat(failed.reason()).isEqualTo("a value does not fit (SQLSTATE 22P02)");
    assertThat(everythingSaid(failed)).doesNotContain(CANARY);
  }

  @Test
  void namesThePermissionThatIsMissing() {
    LoadScene scene = new LoadScene(sandbox, "forbidden").login("nobody", "Nobody1234");
    scene.query("CREATE USER nobody PASSWORD 'Nobody1234'");

    PenstockException failed = failure(scene);

    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(failed.reason()).contains("permission denied").contains("42501");
    assertThat(failed.remedy()).contains("grants");
  }

  @Test
  void namesUserOrPassword() {
    LoadScene scene = new LoadScene(sandbox, "locked").login("awsuser", CANARY);

    PenstockException failed = failure(scene);

    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
    assertThat(failed.remedy()).contains("connection.user").contains("connection.password");
    assertThat(everythingSaid(failed)).doesNotContain(CANARY);
  }

  @Test
  void namesTheDatabase() {
    PenstockException failed = failure(new LoadScene(sandbox, "lost").database("nowhere"));

    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
    assertThat(failed.remedy()).isEqualTo("Change connection.database");
  }

  @Test
  void namesHostAndPort() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      free = socket.getLocalPort();
    }

    PenstockException failed = failure(new LoadScene(sandbox, "closed").port(free));

    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
    assertThat(failed.reason()).contains("127.0.0.1:" + free);
    assertThat(failed.remedy()).contains("connection.port");
  }

  @Test
  void doesNotFallBackToAnUnencryptedConnection() {
    for (TlsMode mode : new TlsMode[] {TlsMode.REQUIRE, TlsMode.VERIFY_CA, TlsMode.VERIFY_FULL}) {
      PenstockException failed = failure(new LoadScene(sandbox, "plain").tls(mode));

      assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
      assertThat(failed.remedy()).contains("connection.tls");
    }
  }
}
