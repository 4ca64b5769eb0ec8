package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.sandbox.testing.Psql;
import io.penstock.sandbox.testing.RedshiftSession;
import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Users, groups, roles, and what GRANT, REVOKE and ALTER DEFAULT PRIVILEGES give them. */
@Timeout(120)
class PrivilegesIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  private RedshiftSession admin;

  @BeforeAll
  static void start() throws Exception {
    sandbox = RunningSandbox.start(directory);
  }

  @AfterAll
  static void stop() throws Exception {
    sandbox.close();
  }

  @BeforeEach
  void connect() throws Exception {
    admin = new RedshiftSession(sandbox.connect());
  }

  @AfterEach
  void disconnect() throws Exception {
    admin.close();
  }

  /** The statements that a warehouse source's documentation prints, run by a new superuser. */
  @Test
  void a_sync_user_may_do_what_the_printed_statements_grant() throws Exception {
    assumeTrue(Psql.isInstalled(), "psql is not installed");
    Psql psql = Psql.asAdministrator(sandbox);
    assertThat(psql.command("CREATE USER boss PASSWORD 'Boss12345' CREATEUSER"))
        .isEqualTo("CREATE ROLE\n");
    Psql boss = psql.as("boss", "Boss12345");
    boss.run(
        "CREATE SCHEMA app; CREATE TABLE app.users (user_id INT, email VARCHAR(320));\n"
            + "CREATE TABLE app.orders (id INT); CREATE TABLE app.secrets (id INT);\n"
            + "INSERT INTO app.users VALUES (1, 'a@example.com');\n");
    assertThat(
            boss.run(
                "CREATE USER rudder WITH PASSWORD 'Str0ng+unique';\n"
                    + "CREATE SCHEMA \"_rudderstack\";\n"
                    + "GRANT ALL ON SCHEMA \"_rudderstack\" TO rudder;\n"
                    + "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_rudderstack\" TO rudder;\n"
                    + "GRANT USAGE ON SCHEMA \"app\" TO rudder;\n"
                    + "GRANT SELECT ON TABLE \"app\".\"users\" TO rudder;\n"))
        .doesNotContain("ERROR");
    Psql rudder = psql.as("rudder", "Str0ng+unique");
    assertThat(rudder.command("SELECT email FROM app.users")).isEqualTo("a@example.com\n");
    assertThat(rudder.command("SELECT * FROM app.orders"))
        .contains("permission denied for table orders");
    for (String refused :
        new String[] {
          "INSERT INTO app.users VALUES (2, 'b')",
          "UPDATE app.users SET email = 'b'",
          "DELETE FROM app.users",
          "TRUNCATE app.users",
          "DROP TABLE app.users",
          "CREATE TABLE app.made (a INT)",
          "CREATE USER other PASSWORD 'Other1234'",
          "CREATE SCHEMA other"
        }) {
      assertThat(rudder.command(refused)).contains("ERROR");
    }
    assertThat(
            rudder.run(
                "CREATE TABLE _rudderstack.snapshot (id VARCHAR(64), operation VARCHAR(9));\n"
                    + "INSERT INTO _rudderstack.snapshot VALUES ('1', 'insert');\n"
                    + "SELECT count(*) FROM _rudderstack.snapshot;\n"
                    + "DROP TABLE _rudderstack.snapshot;\n"))
        .isEqualTo("CREATE TABLE\nINSERT 0 1\n1\nDROP TABLE\n");
    assertThat(
            boss.run(
                "GRANT SELECT ON ALL TABLES IN SCHEMA \"app\" TO rudder;\n"
                    + "ALTER DEFAULT PRIVILEGES IN SCHEMA \"app\" GRANT SELECT ON TABLES TO rudder;\n"
                    + "CREATE TABLE app.later (id INT);\n"))
        .doesNotContain("ERROR");
    assertThat(rudder.command("SELECT count(*) FROM app.orders")).isEqualTo("0\n");
    assertThat(rudder.command("SELECT count(*) FROM app.later")).isEqualTo("0\n");
    assertThat(rudder.command("INSERT INTO app.later VALUES (1)")).contains("permission denied");
    assertThat(psql.as("rudder", "Str0ng+other").command("SELECT 1"))
        .contains("password authentication failed");
    assertThat(boss.command("DROP USER rudder"))
        .contains("cannot be dropped because some objects depend on it");
  }

  @Test
  void the_catalog_shows_who_may_do_what() throws Exception {
    admin.execute(
        "CREATE SCHEMA c",
        "CREATE TABLE c.t (a INT)",
        "CREATE USER anna PASSWORD 'Annaanna1' CREATEDB CONNECTION LIMIT 5 SESSION TIMEOUT 600",
        "CREATE GROUP readers WITH USER anna",
        "CREATE ROLE loader",
        "CREATE ROLE chief",
        "GRANT ROLE loader TO ROLE chief",
        "GRANT ROLE chief TO anna",
        "GRANT USAGE ON SCHEMA c TO GROUP readers",
        "GRANT SELECT ON c.t TO GROUP readers",
        "GRANT INSERT, DELETE ON c.t TO ROLE loader",
        "GRANT UPDATE ON c.t TO anna WITH GRANT OPTION",
        "GRANT SELECT ON c.t TO PUBLIC",
        "ALTER DEFAULT PRIVILEGES IN SCHEMA c GRANT SELECT ON TABLES TO GROUP readers");
    assertThat(
            admin.rows(
                "SELECT privilege_type, identity_name, identity_type, admin_option"
                    + " FROM svv_relation_privileges WHERE namespace_name = 'c'"
                    + " AND relation_name = 't' AND identity_name <> 'awsuser' ORDER BY 2, 1"))
        .containsExactly(
            "UPDATE|anna|user|t",
            "DELETE|loader|role|f",
            "INSERT|loader|role|f",
            "SELECT|public|public|f",
            "SELECT|readers|group|f");
    assertThat(
            admin.rows(
                "SELECT privilege_type, identity_name FROM svv_schema_privileges"
                    + " WHERE namespace_name = 'c' AND identity_type = 'group'"))
        .containsExactly("USAGE|readers");
    assertThat(
            admin.rows(
                "SELECT owner_name, privilege_type, grantee_name, grantee_type"
                    + " FROM svv_default_privileges WHERE schema_name = 'c'"))
        .containsExactly("awsuser|SELECT|readers|group");
    assertThat(admin.rows("SELECT groname FROM pg_group")).containsExactly("readers");
    assertThat(admin.rows("SELECT role_name FROM svv_roles ORDER BY 1"))
        .containsExactly("chief", "loader");
    assertThat(admin.rows("SELECT user_name, role_name FROM svv_user_grants"))
        .containsExactly("anna|chief");
    assertThat(admin.rows("SELECT role_name, granted_role_name FROM svv_role_grants"))
        .containsExactly("chief|loader");
    assertThat(
            admin.rows("SELECT usename, usecreatedb, usesuper FROM pg_user WHERE usename = 'anna'"))
        .containsExactly("anna|t|f");
    assertThat(
            admin.rows(
                "SELECT useconnlimit, syslogaccess FROM svl_user_info WHERE usename = 'anna'"))
        .containsExactly("5|RESTRICTED");
    assertThat(
            admin.rows(
                "SELECT has_table_privilege('anna', 'c.t', 'insert'),"
                    + " has_table_privilege('anna', 'c.t', 'references'),"
                    + " has_schema_privilege('anna', 'c', 'usage'),"
                    + " has_schema_privilege('anna', 'c', 'create')"))
        .containsExactly("t|f|t|f");
    try (RedshiftSession anna = new RedshiftSession(sandbox.connect("anna", "Annaanna1"))) {
      anna.execute("INSERT INTO c.t VALUES (1)");
      assertThat(anna.rows("SELECT * FROM svl_user_info")).isEmpty();
      anna.execute("ALTER USER anna PASSWORD 'Annaanna2'");
    }
    assertThatThrownBy(() -> sandbox.connect("anna", "Annaanna1")).isInstanceOf(SQLException.class);
    admin.execute("ALTER USER anna PASSWORD DISABLE", "REVOKE ROLE chief FROM anna");
    assertThatThrownBy(() -> sandbox.connect("anna", "Annaanna2")).isInstanceOf(SQLException.class);
    assertThat(admin.rows("SELECT has_table_privilege('anna', 'c.t', 'insert')"))
        .containsExactly("f");
    admin.execute("ALTER GROUP readers DROP USER anna", "ALTER GROUP readers ADD USER anna");
    admin.execute("REVOKE GRANT OPTION FOR UPDATE ON c.t FROM anna");
  }
}
