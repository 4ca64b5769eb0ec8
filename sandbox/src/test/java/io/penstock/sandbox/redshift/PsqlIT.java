package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.sandbox.testing.Psql;
import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The stand-in through psql, which speaks the simple query protocol. */
class PsqlIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  @BeforeAll
  static void start() throws Exception {
    assumeTrue(Psql.isInstalled(), "psql is not installed");
    sandbox = RunningSandbox.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    if (sandbox != null) {
      sandbox.close();
    }
  }

  @Test
  void several_statements_in_one_message_are_one_transaction() throws Exception {
    psql("CREATE TABLE several (id INT)");
    assertThat(psql("INSERT INTO several VALUES (1); SELECT 1/0; INSERT INTO several VALUES (2)"))
        .contains("division by zero");
    assertThat(psql("SELECT count(*) FROM several")).isEqualTo("0\n");
    assertThat(psql("INSERT INTO several VALUES (1); CREATE FUNCTION f() RETURNS INT"))
        .contains("CREATE FUNCTION is not supported by the sandbox");
    assertThat(psql("SELECT count(*) FROM several")).isEqualTo("0\n");
  }

  @Test
  void truncate_between_statements_commits() throws Exception {
    psql("CREATE TABLE cut (id INT)");
    assertThat(
            psql(
                "BEGIN; INSERT INTO cut VALUES (1); TRUNCATE cut; INSERT INTO cut VALUES (2);"
                    + " SELECT count(*) FROM cut"))
        .endsWith("1\n");
  }

  @Test
  void what_commits_by_itself_stands_alone_in_its_message() throws Exception {
    psql("CREATE TABLE widened (v VARCHAR(3))");
    assertThat(psql("SELECT 1; ALTER TABLE widened ALTER COLUMN v TYPE VARCHAR(4); SELECT 2"))
        .startsWith("1\n")
        .contains("ALTER TABLE ALTER COLUMN cannot run inside a multiple commands statement")
        .doesNotContain("2\n");
    assertThat(psql("ALTER TABLE widened ALTER COLUMN v TYPE VARCHAR(4)"))
        .isEqualTo("ALTER TABLE\n");
  }

  @Test
  void copy_from_standard_input_passes_through() throws Exception {
    psql("CREATE TABLE loaded (id INT, name VARCHAR(3))");
    assertThat(run("COPY loaded FROM STDIN CSV;\n1,abc\n2,\"x,\"\n\\.\nSELECT * FROM loaded;\n"))
        .isEqualTo("COPY 2\n1|abc\n2|x,\n");
    assertThat(run("COPY loaded FROM STDIN CSV;\n1,äb\n2,äbc\n\\.\nSELECT count(*) FROM loaded;\n"))
        .contains("value too long for type character varying(3)")
        .endsWith("2\n");
    assertThat(run("COPY (SELECT 1, 'a') TO STDOUT;\n")).isEqualTo("1\ta\n");
  }

  @Test
  void notices_and_errors_reach_the_client() throws Exception {
    assertThat(psql("DROP TABLE IF EXISTS never")).contains("does not exist, skipping");
    assertThat(psql("SELECT 'it\\'s'")).isEqualTo("it's\n");
    assertThat(psql("SELEC 1")).contains("SELEC is not supported by the sandbox");
    assertThat(psql("SELECT * FROM missing")).contains("relation \"missing\" does not exist");
    assertThat(psql("")).isEmpty();
  }

  private static String psql(String sql) throws Exception {
    return Psql.asAdministrator(sandbox).command(sql);
  }

  private static String run(String input) throws Exception {
    return Psql.asAdministrator(sandbox).run(input);
  }
}
