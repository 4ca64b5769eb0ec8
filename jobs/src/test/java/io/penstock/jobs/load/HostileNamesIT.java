package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.TableDesign;
import io.penstock.common.plan.LoadPlan;
import io.penstock.common.plan.LoadStatements;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.TableName;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * Names and texts made of what breaks SQL: the catalog, read with parameters over a connection of
 * its own, holds each of them literally, or the load refused it; a table that they try to drop is
 * still there.
 */
final class HostileNamesIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  /** The sandbox is PostgreSQL, whose names have 63 bytes; Redshift's have 127. */
  private static final int SANDBOX_BYTES = 63;

  private static final List<String> PIECES =
      List.of(
          "\"",
          "\"\"",
          "'",
          "''",
          "\\",
          "\\'",
          ";",
          "--",
          "/*",
          "*/",
          "$$",
          "$1",
          "?",
          ":x",
          "{d}",
          "%s",
          "\n",
          "\0",
          "\u2028",
          "\uFF02",
          "é",
          "日本",
          "\uD83D\uDE00",
          "B",
          "_9",
          " ",
          ".",
          "\"; DROP TABLE canary; --",
          "'; DROP TABLE canary; --",
          "select",
          "CTID");

  private static String text(Random random, int longest) {
    StringBuilder text = new StringBuilder();
    int length = 1 + random.nextInt(longest);
    while (text.length() < length) {
      text.append(
          random.nextInt(3) == 0
              ? PIECES.get(random.nextInt(PIECES.size()))
              : Character.toString('a' + random.nextInt(26)));
    }
    return text.toString();
  }

  /** Distinct names, of which some are refused and the others short enough for the sandbox. */
  private static Set<String> names(long seed, int count) {
    Random random = new Random(seed);
    Set<String> names = new LinkedHashSet<>();
    while (names.size() < count) {
      String name = text(random, 40);
      if (name.getBytes(StandardCharsets.UTF_8).length <= SANDBOX_BYTES) {
        names.add(Identifiers.fold(name));
      }
    }
    return names;
  }

  @BeforeAll
  static void canary() {
    LoadScene scene = new LoadScene(SANDBOX, "hostile");
    scene.query("CREATE SCHEMA hostile");
    scene.query("CREATE TABLE public.canary (id INTEGER)");
    scene.query("INSERT INTO public.canary VALUES (1)");
  }

  private static void canaryLives() {
    assertThat(new LoadScene(SANDBOX, "hostile").query("SELECT id FROM public.canary"))
        .containsExactly("1");
  }

  @Test
  void fiveThousandColumnsAreLiteralOrRefused() throws SQLException {
    int refused = 0;
    List<Column> columns = new ArrayList<>();
    for (String name : names(1, 5_000)) {
      if (Identifiers.problemOfColumn(name).isPresent()) {
        refused++;
        assertThat(catchThrowable(() -> LoadColumns.require(destination(), List.of(column(name)))))
            .hasMessageStartingWith("CONFIG_CONFLICT");
      } else {
        columns.add(column(name));
      }
    }
    assertThat(refused).isBetween(100, 2_000);
    try (Connection connection = SANDBOX.redshift().connect()) {
      for (int from = 0; from < columns.size(); from += 100) {
        List<Column> some = columns.subList(from, Math.min(from + 100, columns.size()));
        TableName table = new TableName("hostile", "columns_" + from);
        createdAsPlanned(connection, table, some);
      }
    }
    canaryLives();
  }

  private static RedshiftDestination destination() {
    return new LoadScene(SANDBOX, "hostile").destination(Write.APPEND);
  }

  private static Column column(String name) {
    return new Column(name, RedshiftType.varchar(9), true, false);
  }

  private static void createdAsPlanned(Connection connection, TableName table, List<Column> columns)
      throws SQLException {
    LoadPlan plan = new LoadScene(SANDBOX, "hostile").plan("r", Write.APPEND).into(table);
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(new LoadStatements(plan, columns).target().create().sql());
    }
    assertThat(
            catalog(
                connection,
                "SELECT a.attname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE"
                    + " a.attnum > 0 AND c.relname = ? ORDER BY a.attnum",
                table.name()))
        .isEqualTo(columns.stream().map(column -> Identifiers.fold(column.name())).toList());
  }

  private static List<String> catalog(Connection connection, String sql, String parameter)
      throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(sql)) {
      statement.setString(1, parameter);
      List<String> found = new ArrayList<>();
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          found.add(rows.getString(1));
        }
      }
      return found;
    }
  }

  @Test
  void fiveThousandTextsAreLiteralOrRefused() throws SQLException {
    Random random = new Random(2);
    List<String> texts = new ArrayList<>();
    for (int i = 0; i < 5_000; i++) {
      String text = text(random, 80);
      if (text.indexOf('\0') >= 0) {
        assertThat(catchThrowable(() -> Identifiers.literal(text)))
            .isInstanceOf(IllegalArgumentException.class);
      } else {
        texts.add(text);
      }
    }
    try (Connection connection = SANDBOX.redshift().connect();
        Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (int from = 0; from < texts.size(); from += 50) {
        List<String> some = texts.subList(from, Math.min(from + 50, texts.size()));
        try (ResultSet row =
            statement.executeQuery(
                "SELECT " + String.join(", ", some.stream().map(Identifiers::literal).toList()))) {
          row.next();
          for (int i = 0; i < some.size(); i++) {
            assertThat(row.getString(i + 1)).isEqualTo(some.get(i));
          }
        }
      }
    }
    canaryLives();
  }

  /** From the planned statements alone, as a load sends them. */
  @Test
  void tablesUsersAndCommentsAreLiteralOrRefused() throws SQLException {
    int loaded = 0;
    try (Connection connection = SANDBOX.redshift().connect()) {
      for (String name : names(3, 300)) {
        if (Identifiers.problemOf(name).isEmpty()) {
          madeAsPlanned(connection, name);
          loaded++;
        }
      }
    }
    assertThat(loaded).isGreaterThan(150);
    canaryLives();
  }

  private static void madeAsPlanned(Connection connection, String name) throws SQLException {
    LoadScene scene = new LoadScene(SANDBOX, "hostile");
    String user = Identifiers.fold(name);
    TableDesign design =
        new TableDesign(
            "auto",
            Optional.empty(),
            Optional.empty(),
            List.of(),
            Map.of(),
            Optional.of(name),
            Map.of("id", name));
    scene.design(design).grants(new Grant("select", name));
    LoadPlan plan = scene.plan("r", Write.APPEND).into(new TableName("hostile", name));
    LoadStatements statements = new LoadStatements(plan, LoadScene.COLUMNS);
    List<SqlStatement> sent = new ArrayList<>();
    sent.add(statements.target().create());
    sent.addAll(statements.target().comments());
    boolean ownWord =
        user.equals("public") || user.startsWith("group ") || user.startsWith("role ");
    if (!ownWord) {
      sent.add(0, SqlStatement.of("CREATE USER " + Identifiers.quote(name) + " PASSWORD DISABLE"));
      sent.addAll(statements.target().grants());
    }
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      for (SqlStatement one : sent) {
        statement.execute(one.sql());
      }
    }
    String table =
        " FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE"
            + " n.nspname = 'hostile' AND c.relname = ?";
    assertThat(catalog(connection, "SELECT obj_description(c.oid, 'pg_class')" + table, user))
        .containsExactly(name);
    assertThat(catalog(connection, "SELECT col_description(c.oid, 1)" + table, user))
        .containsExactly(name);
    if (!ownWord) {
      assertThat(
              catalog(
                  connection,
                  "SELECT u.rolname FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) g JOIN"
                      + " pg_roles u ON u.oid = g.grantee WHERE g.privilege_type = 'SELECT' AND"
                      + " u.rolname = c.relname AND c.relname = ?",
                  user))
          .containsExactly(user);
    }
  }

  @Test
  void wholeLoadsOfHostileNames() throws SQLException {
    List<String> named =
        names(4, 200).stream()
            .filter(name -> Identifiers.problemOf(name).isEmpty())
            .filter(name -> name.getBytes(StandardCharsets.UTF_8).length < SANDBOX_BYTES - 2)
            .limit(15)
            .toList();
    assertThat(named).hasSize(15);
    try (Connection connection = SANDBOX.redshift().connect()) {
      for (String name : named) {
        LoadScene scene = new LoadScene(SANDBOX, "hostile").operation(Operation.CREATE_NEW);
        String runId = "run" + named.indexOf(name);
        LoadPlan plan = scene.plan(runId, Write.UPSERT).into(new TableName("hostile", name));
        StagedFiles files = scene.files(runId, 2, "1,a\n2,b\n");
        try (var staged = scene.load().stage(plan, LoadScene.COLUMNS, scene.transport(files))) {
          assertThat(staged.publish().load().orElseThrow().table())
              .isEqualTo("hostile." + name + "_1");
          staged.finish();
        }
        assertThat(
                catalog(connection, "SELECT relname FROM pg_class WHERE relname = ?", name + "_1"))
            .containsExactly(name + "_1");
      }
    }
    canaryLives();
  }
}
