package io.penstock.sandbox.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.testing.RedshiftSession;
import io.penstock.sandbox.testing.RunningSandbox;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two sessions at once: snapshots, error 1023, LOCK. */
@Timeout(120)
class IsolationIT {
  @TempDir private static Path directory;
  private static RunningSandbox sandbox;

  private RedshiftSession first;
  private RedshiftSession second;

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
    first = new RedshiftSession(sandbox.connect());
    second = new RedshiftSession(sandbox.connect());
    first.execute(
        "DROP TABLE IF EXISTS tab1",
        "DROP TABLE IF EXISTS tab2",
        "CREATE TABLE tab1 (id INT)",
        "CREATE TABLE tab2 (id INT)");
  }

  @AfterEach
  void disconnect() throws Exception {
    first.close();
    second.close();
  }

  @Test
  void two_transactions_that_read_and_write_one_table_conflict() throws Exception {
    first.begin().rows("SELECT count(*) FROM tab1");
    second.begin().rows("SELECT count(*) FROM tab1");
    first.execute("INSERT INTO tab1 VALUES (1)");
    first.commit();
    assertConflict(
        () -> {
          second.execute("INSERT INTO tab1 VALUES (2)");
          second.commit();
        });
    second.rollback();
    assertThat(first.rows("SELECT id FROM tab1")).containsExactly("1");
    second.begin().rows("SELECT count(*) FROM tab1");
    second.execute("INSERT INTO tab1 VALUES (2)");
    second.commit();
  }

  @Test
  void transactions_that_read_what_the_other_writes_conflict() throws Exception {
    first.begin().rows("SELECT * FROM tab1");
    second.begin().execute("INSERT INTO tab1 VALUES (1)");
    first.execute("INSERT INTO tab2 VALUES (1)");
    assertConflict(
        () -> {
          second.rows("SELECT * FROM tab2");
          first.commit();
          second.commit();
        });
  }

  @Test
  void transactions_that_change_one_row_conflict() throws Exception {
    first.execute("INSERT INTO tab1 VALUES (1), (2)");
    first.begin().execute("UPDATE tab1 SET id = 3 WHERE id = 1");
    second.begin().rows("SELECT * FROM tab2");
    first.commit();
    assertConflict(() -> second.execute("DELETE FROM tab1 WHERE id = 1"));
    assertThat(second.refusal("SELECT 1")).startsWith("25P02 ");
  }

  @Test
  void writers_that_read_nothing_do_not_conflict() throws Exception {
    first.begin().execute("INSERT INTO tab1 VALUES (1)");
    second.begin().execute("INSERT INTO tab1 VALUES (2)", "CREATE TABLE made (a INT DISTKEY)");
    first.execute("CREATE TABLE made_too (a INT DISTKEY) SORTKEY (a)");
    first.commit();
    second.commit();
    assertThat(first.rows("SELECT id FROM tab1 ORDER BY id")).containsExactly("1", "2");
    first.execute("DROP TABLE made", "DROP TABLE made_too");
  }

  @Test
  void the_level_that_a_client_asks_for_changes_nothing() throws Exception {
    for (RedshiftSession session : List.of(first, second)) {
      session.connection().setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
      session.execute("BEGIN ISOLATION LEVEL READ UNCOMMITTED READ WRITE");
      assertThat(session.rows("SELECT count(*) FROM tab1")).containsExactly("0");
    }
    first.execute("INSERT INTO tab1 VALUES (1)", "COMMIT");
    assertThat(second.rows("SELECT count(*) FROM tab1")).containsExactly("0");
    assertConflict(() -> second.execute("INSERT INTO tab1 VALUES (2)", "COMMIT"));
    second.execute("ROLLBACK");
  }

  @Test
  void a_lock_makes_the_other_wait_and_see_what_was_written() throws Exception {
    first.begin().execute("LOCK TABLE tab1, tab2");
    CompletableFuture<List<String>> waiting =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                second.begin().execute("LOCK tab1");
                List<String> rows = second.rows("SELECT id FROM tab1");
                second.execute("INSERT INTO tab1 VALUES (2)");
                second.commit();
                return rows;
              } catch (SQLException e) {
                throw new IllegalStateException(e);
              }
            });
    first.rows("SELECT * FROM tab1");
    first.execute("INSERT INTO tab1 VALUES (1)");
    Thread.sleep(300);
    assertThat(waiting).isNotDone();
    first.commit();
    assertThat(waiting.get(30, TimeUnit.SECONDS)).containsExactly("1");
    assertThat(first.refusal("LOCK TABLE tab1 IN SHARE MODE")).startsWith("42601 ");
  }

  private static void assertConflict(ThrowingWork work) {
    assertThatThrownBy(work::run)
        .isInstanceOfSatisfying(
            SQLException.class,
            e -> {
              assertThat(e.getSQLState()).isEqualTo("XX000");
              assertThat(e.getMessage())
                  .contains("ERROR: 1023")
                  .contains("Serializable isolation violation on table");
            });
  }

  private interface ThrowingWork {
    void run() throws Exception;
  }
}
