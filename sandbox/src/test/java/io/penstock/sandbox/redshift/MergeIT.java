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

/** MERGE, UPDATE … FROM and DELETE … USING as their AWS pages show them. */
@Timeout(120)
class MergeIT {
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
    redshift.execute(
        "DROP TABLE IF EXISTS target CASCADE",
        "DROP TABLE IF EXISTS source CASCADE",
        "CREATE TABLE target (id INT, name CHAR(10))",
        "CREATE TABLE source (id INT, name CHAR(10))",
        "INSERT INTO target VALUES (101, 'Bob'), (102, 'John'), (103, 'Susan')",
        "INSERT INTO source VALUES (102, 'Tony'), (103, 'Alice'), (104, 'Bill')");
  }

  @AfterEach
  void disconnect() throws Exception {
    redshift.close();
  }

  @Test
  void updates_what_matches_and_inserts_the_rest() throws Exception {
    redshift.execute(
        "MERGE INTO \"TARGET\" USING source ON target.id = source.id"
            + " WHEN MATCHED THEN UPDATE SET id = source.id, name = source.name"
            + " WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.name)");
    assertTarget("101 Bob", "102 Tony", "103 Alice", "104 Bill");
    redshift.execute("INSERT INTO source VALUES (105, 'David')");
    redshift.execute(
        "MERGE INTO public.target USING public.source AS s ON (target.id = s.id)"
            + " WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT (name, id) VALUES (upper(s.name), s.id)");
    assertTarget("101 Bob", "105 DAVID");
  }

  @Test
  void is_part_of_the_transaction() throws Exception {
    redshift.begin();
    String merge =
        "MERGE INTO target USING source ON target.id = source.id WHEN MATCHED THEN DELETE"
            + " WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.name)";
    redshift.execute(merge);
    assertTarget("101 Bob", "104 Bill");
    redshift.rollback();
    assertTarget("101 Bob", "102 John", "103 Susan");
    redshift.execute("CREATE TEMP TABLE staged (LIKE source)");
    redshift.execute("INSERT INTO staged VALUES (101, 'Zoe')");
    redshift.execute(merge.replace("source", "staged"));
    assertTarget("102 John", "103 Susan");
  }

  @ParameterizedTest
  @CsvSource({"UPDATE SET name = source.name", "DELETE"})
  void duplicates_in_the_source_are_refused(String action) throws Exception {
    redshift.execute("INSERT INTO source VALUES (102, 'Twice')");
    assertThat(
            redshift.refusal(
                "MERGE INTO target USING source ON target.id = source.id WHEN MATCHED THEN "
                    + action
                    + " WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.name)"))
        .startsWith("XX000 ")
        .contains("Found multiple matches to update the same tuple");
    assertTarget("101 Bob", "102 John", "103 Susan");
  }

  @Test
  void remove_duplicates_keeps_one_row_for_each_match() throws Exception {
    redshift.execute(
        "INSERT INTO target VALUES (101, 'Bob'), (102, 'Jack')",
        "MERGE INTO target USING source ON target.id = source.id REMOVE DUPLICATES");
    assertTarget("101 Bob", "101 Bob", "102 Tony", "103 Alice", "104 Bill");
    redshift.execute("INSERT INTO source VALUES (102, 'Twice')");
    assertThat(
            redshift.refusal(
                "MERGE INTO target USING source s ON target.id = s.id REMOVE DUPLICATES"))
        .contains("Found multiple matches to update the same tuple");
    redshift.execute("ALTER TABLE source ADD COLUMN more INT");
    assertThat(
            redshift.refusal(
                "MERGE INTO target USING source ON target.id = source.id REMOVE DUPLICATES"))
        .contains("the same number of columns");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "v; source; 42809 ERROR: MERGE target \"v\" is not a table",
        "target; v; 42809 ERROR: MERGE source \"v\" is not a table",
        "target; target; 0A000 ERROR: MERGE source and target cannot be the same table",
        "pg_class; source; 42809 ERROR: MERGE target cannot be a catalog table",
        "missing; source; 42P01 ERROR: relation \"missing\" does not exist"
      })
  void only_tables_are_merged(String into, String from, String error) throws Exception {
    redshift.execute("CREATE VIEW v AS SELECT * FROM target");
    assertThat(
            redshift.refusal(
                "MERGE INTO "
                    + into
                    + " USING "
                    + from
                    + " AS s ON s.id = s.id WHEN MATCHED THEN DELETE"
                    + " WHEN NOT MATCHED THEN INSERT VALUES (s.id, s.name)"))
        .startsWith(error);
  }

  @Test
  void needs_the_privileges_of_its_parts() throws Exception {
    redshift.execute(
        "CREATE USER merger PASSWORD 'Merger1234'",
        "GRANT SELECT, INSERT ON target TO merger",
        "GRANT SELECT ON source TO merger");
    String merge =
        "MERGE INTO target USING source ON target.id = source.id WHEN MATCHED THEN UPDATE SET"
            + " name = source.name WHEN NOT MATCHED THEN INSERT VALUES (source.id, source.name)";
    try (RedshiftSession merger = new RedshiftSession(sandbox.connect("merger", "Merger1234"))) {
      assertThat(merger.refusal(merge)).startsWith("42501 ");
      redshift.execute("GRANT UPDATE ON target TO merger");
      merger.execute(merge);
    }
    assertTarget("101 Bob", "102 Tony", "103 Alice", "104 Bill");
    redshift.execute("REVOKE ALL ON target FROM merger", "REVOKE ALL ON source FROM merger");
    redshift.execute("DROP USER merger");
  }

  @Test
  void update_from_and_delete_using() throws Exception {
    assertThat(
            redshift.update("UPDATE target SET name = s.name FROM source s WHERE target.id = s.id"))
        .isEqualTo(2);
    assertTarget("101 Bob", "102 Tony", "103 Alice");
    assertThat(redshift.update("DELETE target USING source s WHERE target.id = s.id")).isEqualTo(2);
    assertThat(redshift.update("DELETE FROM target WHERE id = 101")).isEqualTo(1);
    assertTarget();
  }

  private void assertTarget(String... rows) throws Exception {
    assertThat(redshift.rows("SELECT id || ' ' || trim(name) FROM target ORDER BY id, name"))
        .containsExactly(rows);
  }
}
