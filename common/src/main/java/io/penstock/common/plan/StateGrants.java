package io.penstock.common.plan;

import static io.penstock.common.schema.Identifiers.quote;

/** What a superuser does so that a user can keep state in a schema. */
public record StateGrants(String schema, String user) {

  public SqlStatement createSchema() {
    return SqlStatement.of("CREATE SCHEMA " + quote(schema));
  }

  /** Lets the user create tables there. */
  public SqlStatement onSchema() {
    return SqlStatement.of("GRANT ALL ON SCHEMA " + quote(schema) + " TO " + quote(user));
  }

  /** Lets the user read and write what is there already. */
  public SqlStatement onTables() {
    return SqlStatement.of(
        "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA " + quote(schema) + " TO " + quote(user));
  }
}
