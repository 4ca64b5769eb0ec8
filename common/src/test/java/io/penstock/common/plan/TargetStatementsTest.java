package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TargetStatementsTest {
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", RedshiftType.of(RedshiftType.Kind.BIGINT), false, false),
          new Column("Full \"Name\"", RedshiftType.varchar(20), true, false),
          new Column("amount", RedshiftType.decimal(18, 2), true, false));

  private static TargetStatements statements(String... keysAndValues) {
    Map<String, String> definitions = new HashMap<>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      definitions.put("destinations.warehouse.table." + keysAndValues[i], keysAndValues[i + 1]);
    }
    definitions.put("template.unmapped", "keep");
    return new LoadStatements(RunPlansTest.load(RunPlansTest.plan(definitions, "r1")), COLUMNS)
        .target();
  }

  @Test
  void createsTheTargetInRedshiftsOrder() {
    TargetStatements keyed =
        statements(
            "dist-style", "key",
            "dist-key", "id",
            "sort-key", "[id]",
            "primary-key", "[id, AMOUNT]",
            "encodings", "{ \"full \\\"name\\\"\" = ZSTD, id = az64 }",
            "name", "Profiles");

    assertThat(keyed.create().sql())
        .isEqualTo(
            "CREATE TABLE \"public\".\"profiles\" (\"id\" BIGINT NOT NULL ENCODE AZ64,"
                + " \"full \"\"name\"\"\" VARCHAR(20) ENCODE ZSTD, \"amount\" DECIMAL(18,2) NOT NULL,"
                + " PRIMARY KEY (\"id\", \"amount\")) DISTSTYLE KEY DISTKEY (\"id\") COMPOUND SORTKEY"
                + " (\"id\")");
    assertThat(statements().create().sql()).endsWith(") DISTSTYLE AUTO");
  }

  @Test
  void sortsAsItIsTold() {
    assertThat(statements("sort-key", "auto").create().sql()).endsWith(" AUTO SORTKEY AUTO");
    assertThat(statements("sort-key", "[]").create().sql()).endsWith(" DISTSTYLE AUTO");
    assertThat(statements("sort-key", "{ compound = [id, amount] }").create().sql())
        .endsWith(" COMPOUND SORTKEY (\"id\", \"amount\")");
    assertThat(statements("sort-key", "{ interleaved = [amount, id] }").create().sql())
        .endsWith(" INTERLEAVED SORTKEY (\"amount\", \"id\")");
  }

  @Test
  void commentsOnTheTableAndItsColumns() {
    assertThat(
            statements(
                    "comment", "it's \\ here; --", "comments", "{ ID = \"the key\", amount = EUR }")
                .comments())
        .extracting(SqlStatement::sql)
        .containsExactly(
            "COMMENT ON TABLE \"public\".\"profiles\" IS 'it''s \\\\ here; --'",
            "COMMENT ON COLUMN \"public\".\"profiles\".\"id\" IS 'the key'",
            "COMMENT ON COLUMN \"public\".\"profiles\".\"amount\" IS 'EUR'");
    assertThat(statements().comments()).isEmpty();
  }

  @Test
  void grantsToUsersGroupsAndRoles() {
    assertThat(
            statements(
                    "grants",
                    "[{ privilege = select, to = \"group Readers\" }, { privilege = all, to = bob }]")
                .grants())
        .extracting(SqlStatement::sql)
        .containsExactly(
            "GRANT SELECT ON TABLE \"public\".\"profiles\" TO GROUP \"readers\"",
            "GRANT ALL ON TABLE \"public\".\"profiles\" TO \"bob\"");
  }

  @Test
  void addsColumnsThatTakeNullAndWidensText() {
    assertThat(statements().addColumn(COLUMNS.get(0)).sql())
        .isEqualTo("ALTER TABLE \"public\".\"profiles\" ADD COLUMN \"id\" BIGINT");
    assertThat(statements().widen(COLUMNS.get(1)).sql())
        .isEqualTo(
            "ALTER TABLE \"public\".\"profiles\" ALTER COLUMN \"full \"\"name\"\"\" TYPE VARCHAR(20)");
  }

  @Test
  void looksForNumberedTables() {
    assertThat(statements("name", "Pröfiles").findNumbered().sql())
        .endsWith(" WHERE n.nspname = 'public' AND SUBSTRING(c.relname, 1, 9) = 'pröfiles_'");
  }
}
