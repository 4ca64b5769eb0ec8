package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.sandbox.testing.RedshiftSession;
import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** ALTER TABLE, ALTER TABLE APPEND and views with and without schema binding. */
@Timeout(120)
class TableChangesIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  private RedshiftSession redshift;

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
    redshift = new RedshiftSession(sandbox.connect());
    redshift.execute("DROP SCHEMA IF EXISTS s CASCADE", "CREATE SCHEMA s", "SET search_path TO s");
  }

  @AfterEach
  void disconnect() throws Exception {
    redshift.close();
  }

  @Test
  void append_moves_the_rows() throws Exception {
    redshift.execute(
        "CREATE TABLE sales (id INT NOT NULL, price DECIMAL(8,2), note VARCHAR(20) DEFAULT 'none')",
        "CREATE TABLE monthly (price DECIMAL(8,2), id INT NOT NULL)",
        "INSERT INTO sales VALUES (1, 1.5, 'old')",
        "INSERT INTO monthly VALUES (2.5, 2), (3.5, 3)");
    assertThat(redshift.refusal("ALTER TABLE sales APPEND FROM monthly"))
        .contains("column \"note\" of the target table is not in the source table");
    redshift.execute("ALTER TABLE s.sales APPEND FROM \"S\".\"MONTHLY\" FILLTARGET");
    assertThat(redshift.rows("SELECT * FROM sales ORDER BY id"))
        .containsExactly("1|1.50|old", "2|2.50|none", "3|3.50|none");
    assertThat(redshift.rows("SELECT count(*) FROM monthly")).containsExactly("0");
    assertThat(redshift.refusal("ALTER TABLE monthly APPEND FROM sales"))
        .contains("include IGNOREEXTRA");
    redshift.execute("ALTER TABLE monthly APPEND FROM sales IGNOREEXTRA");
    assertThat(redshift.rows("SELECT * FROM monthly ORDER BY id"))
        .containsExactly("1.50|1", "2.50|2", "3.50|3");
    redshift.begin();
    assertThat(redshift.refusal("ALTER TABLE sales APPEND FROM monthly FILLTARGET"))
        .startsWith("25001 ")
        .contains("ALTER TABLE APPEND cannot run inside a transaction block");
    redshift.rollback();
    assertThat(redshift.rows("SELECT count(*) FROM monthly")).containsExactly("3");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a INT; a BIGINT; column \"a\" has other attributes",
        "a VARCHAR(3); a VARCHAR(4); column \"a\" has other attributes",
        "a INT NOT NULL; a INT; column \"a\" has other attributes",
        "a INT ENCODE az64; a INT ENCODE raw; column \"a\" has other attributes",
        "a INT DISTKEY; a INT; distkey differs",
        "a INT SORTKEY; a INT; sortkey differs",
        "a INT IDENTITY(1,1); a INT IDENTITY(1,1); identity column \"a\" cannot be appended"
      })
  void append_needs_equal_columns(String target, String source, String error) throws Exception {
    redshift.execute("CREATE TABLE t (" + target + ")", "CREATE TABLE u (" + source + ")");
    assertThat(redshift.refusal("ALTER TABLE t APPEND FROM u")).contains(error);
  }

  @Test
  void a_varchar_is_resized_outside_of_transactions() throws Exception {
    redshift.execute(
        "CREATE TABLE t (v VARCHAR(4), d VARCHAR(4) DEFAULT 'x', p VARCHAR(4) PRIMARY KEY,"
            + " b VARCHAR(4) ENCODE bytedict, i INT)",
        "INSERT INTO t VALUES ('äö', 'x', 'x', 'x', 1)",
        "ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(6)",
        "INSERT INTO t (v, p) VALUES ('äöü', 'y')",
        "ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(MAX)");
    assertThat(
            redshift.rows(
                "SELECT character_maximum_length FROM svv_columns"
                    + " WHERE table_name = 't' AND column_name = 'v'"))
        .containsExactly("65535");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(MAX)"))
        .contains("target data size should be different");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(5)"))
        .contains("below the longest value, 6 bytes");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN d TYPE VARCHAR(9)"))
        .contains("default value");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN p TYPE VARCHAR(9)"))
        .contains("PRIMARY KEY");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN b TYPE VARCHAR(9)"))
        .contains("compression encoding bytedict");
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN i TYPE VARCHAR(9)"))
        .contains("only supported for columns of type VARCHAR");
    redshift.begin();
    assertThat(redshift.refusal("ALTER TABLE t ALTER COLUMN v TYPE VARCHAR(7)"))
        .startsWith("25001 ")
        .contains("ALTER TABLE ALTER COLUMN cannot run inside a transaction block");
    redshift.rollback();
  }

  @Test
  void columns_come_and_go_one_by_one() throws Exception {
    redshift.execute(
        "CREATE TABLE t (a INT DISTKEY, b INT SORTKEY, c INT ENCODE az64)",
        "ALTER TABLE t ADD COLUMN d VARCHAR(4) DEFAULT 'x' NOT NULL",
        "ALTER TABLE t RENAME COLUMN a TO key",
        "ALTER TABLE t RENAME COLUMN b TO part",
        "ALTER TABLE t RENAME COLUMN c TO \"Other\"");
    assertThat(
            redshift.rows(
                "SELECT \"column\", encoding, distkey, sortkey, \"notnull\" FROM pg_table_def"
                    + " WHERE tablename = 't' ORDER BY 1"))
        .containsExactly("d|none|f|0|t", "key|none|t|0|f", "other|az64|f|0|f", "part|none|f|1|f");
    assertThat(redshift.refusal("ALTER TABLE t ADD COLUMN e INT NOT NULL"))
        .contains("must have a non-null default expression");
    assertThat(redshift.refusal("ALTER TABLE t ADD COLUMN e INT, ADD COLUMN f INT"))
        .startsWith("42601 ");
    assertThat(redshift.refusal("ALTER TABLE t DROP COLUMN key"))
        .contains("cannot drop distkey column");
    assertThat(redshift.refusal("ALTER TABLE t DROP part")).contains("cannot drop sortkey column");
    redshift.execute(
        "ALTER TABLE t DROP COLUMN other",
        "ALTER TABLE t ALTER SORTKEY (d, key), ALTER DISTSTYLE ALL",
        "ALTER TABLE t ALTER COLUMN d ENCODE lzo, ALTER COLUMN part ENCODE raw",
        "ALTER TABLE t DROP COLUMN part CASCADE");
    assertThat(
            redshift.rows(
                "SELECT \"column\", encoding, distkey, sortkey FROM pg_table_def"
                    + " WHERE tablename = 't' ORDER BY 1"))
        .containsExactly("d|lzo|f|1", "key|none|f|2");
    redshift.begin();
    redshift.execute("ALTER TABLE t ADD COLUMN late INT", "ALTER TABLE t RENAME TO u");
    redshift.rollback();
    assertThat(redshift.columns("SELECT * FROM t")).containsExactly("key", "d");
  }

  @Test
  void a_view_holds_its_table() throws Exception {
    redshift.execute("CREATE TABLE t (a INT, b INT)", "CREATE VIEW v AS SELECT a FROM t");
    assertThat(redshift.refusal("DROP TABLE t"))
        .startsWith("2BP01 ")
        .contains("cannot drop table t because other objects depend on it");
    assertThat(redshift.refusal("ALTER TABLE t DROP COLUMN a")).startsWith("2BP01 ");
    redshift.execute("ALTER TABLE t DROP COLUMN b", "DROP TABLE t CASCADE");
    assertThat(redshift.refusal("SELECT * FROM v")).startsWith("42P01 ");
  }

  @Test
  void a_late_binding_view_follows_its_table() throws Exception {
    redshift.execute(
        "CREATE TABLE t (a INT, b VARCHAR(9))",
        "INSERT INTO t VALUES (1, 'x')",
        "CREATE VIEW v AS SELECT * FROM s.t WITH NO SCHEMA BINDING",
        "COMMENT ON VIEW v IS 'people'",
        "CREATE USER looker PASSWORD 'Looker1234'",
        "GRANT USAGE ON SCHEMA s TO looker",
        "GRANT SELECT ON v TO looker");
    assertThat(redshift.rows("SELECT * FROM v")).containsExactly("1|x");
    redshift.execute("ALTER TABLE t RENAME COLUMN b TO title");
    assertThat(redshift.columns("SELECT * FROM v")).containsExactly("a", "title");
    redshift.execute("DROP TABLE t");
    assertThat(redshift.refusal("SELECT a FROM v"))
        .startsWith("42P01 ")
        .contains("relation \"s.t\" does not exist");
    redshift.execute("CREATE TABLE t (id BIGINT, more SUPER, a INT)");
    redshift.execute("INSERT INTO t (id, a) VALUES (7, 8)");
    assertThat(redshift.rows("SELECT * FROM v")).containsExactly("7|null|8");
    assertThat(redshift.columns("SELECT * FROM v")).containsExactly("id", "more", "a");
    try (RedshiftSession looker = new RedshiftSession(sandbox.connect("looker", "Looker1234"))) {
      assertThat(looker.rows("SELECT id FROM s.v")).containsExactly("7");
      assertThat(looker.refusal("SELECT id FROM s.t")).startsWith("42501 ");
      assertThat(
              looker.refusal(
                  "CREATE OR REPLACE VIEW s.v AS SELECT 1 AS one WITH NO SCHEMA BINDING"))
          .startsWith("42501 ");
    }
    assertThat(
            redshift.rows(
                "SELECT view_name, col_name, col_type FROM pg_get_late_binding_view_cols()"
                    + " cols(view_schema name, view_name name, col_name name, col_type varchar,"
                    + " col_num int) WHERE view_schema = 's' ORDER BY col_num"))
        .containsExactly("v|id|bigint", "v|more|super", "v|a|integer");
    assertThat(redshift.rows("SELECT remarks FROM svv_tables WHERE table_name = 'v'"))
        .containsExactly("people");
    redshift.begin().execute("DROP TABLE t");
    assertThat(redshift.refusal("SELECT * FROM v")).startsWith("42P01 ");
    redshift.rollback();
    assertThat(redshift.rows("SELECT id FROM v")).containsExactly("7");
    redshift.execute("DROP VIEW v", "REVOKE USAGE ON SCHEMA s FROM looker", "DROP USER looker");
  }

  @Test
  void a_late_binding_view_may_be_made_before_its_table() throws Exception {
    redshift.execute("CREATE VIEW v (x) AS SELECT a + 1 FROM s.t WITH NO SCHEMA BINDING");
    assertThat(redshift.refusal("SELECT * FROM v")).startsWith("42P01 ");
    redshift.execute("CREATE TABLE t AS SELECT 1 AS a");
    assertThat(redshift.rows("SELECT x FROM v")).containsExactly("2");
    redshift.execute("ALTER TABLE t DROP COLUMN a CASCADE");
    assertThat(redshift.refusal("SELECT * FROM v")).startsWith("42703 ");
    redshift.execute(
        "CREATE OR REPLACE VIEW v AS SELECT count(*) AS n FROM s.t, s.t u WITH NO SCHEMA BINDING");
    assertThat(redshift.rows("SELECT n FROM v")).containsExactly("1");
    redshift.execute("CREATE OR REPLACE VIEW v AS SELECT count(*) AS n FROM t");
    assertThat(redshift.refusal("DROP TABLE t")).startsWith("2BP01 ");
    assertThat(redshift.refusal("CREATE VIEW w AS SELECT a FROM t WITH NO SCHEMA BINDING"))
        .contains("All the relation names inside should be qualified");
    assertThat(redshift.refusal("CREATE VIEW w AS SELECT a FRO s.t WITH NO SCHEMA BINDING"))
        .startsWith("42601 ");
    assertThat(redshift.refusal("CREATE VIEW w AS SELECT a FROM no.t WITH NO SCHEMA BINDING"))
        .startsWith("3F000 ")
        .contains("schema \"no\" does not exist");
    assertThat(redshift.refusal("SELECT * FROM w")).startsWith("42P01 ");
  }
}
