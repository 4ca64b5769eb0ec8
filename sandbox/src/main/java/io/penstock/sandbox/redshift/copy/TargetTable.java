package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The table a COPY fills, as the client's session sees it.
 *
 * @param identifier quoted, with its schema
 * @param columns in the order in which the data has them
 */
record TargetTable(long oid, String name, String identifier, List<TargetColumn> columns) {

  static TargetTable read(CopyStatement copy, Backend backend) throws IOException, SqlError {
    String schema = copy.schema();
    String written =
        (schema == null ? "" : SqlText.identifier(schema) + ".") + SqlText.identifier(copy.table());
    List<List<@Nullable String>> found =
        backend.query(
            "SELECT c.oid, c.relkind, c.relname, n.nspname FROM pg_catalog.pg_class c"
                + " JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace"
                + " WHERE c.oid = pg_catalog.to_regclass("
                + SqlText.literal(written)
                + ")");
    if (found.isEmpty()) {
      throw new SqlError(
          schema == null || schemaExists(schema, backend) ? "42P01" : "3F000",
          schema == null || schemaExists(schema, backend)
              ? "Cannot COPY into nonexistent table " + copy.table()
              : "schema \"" + schema + "\" does not exist");
    }
    List<@Nullable String> row = found.get(0);
    String name = text(row, 2);
    if (!Set.of("r", "p").contains(text(row, 1))) {
      throw new SqlError("42809", "\"" + name + "\" is not a table");
    }
    long oid = Long.parseLong(text(row, 0));
    return new TargetTable(
        oid,
        name,
        SqlText.identifier(text(row, 3)) + "." + SqlText.identifier(name),
        chosen(copy, columns(oid, backend), name));
  }

  private static boolean schemaExists(String schema, Backend backend) throws IOException, SqlError {
    return !backend
        .query("SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = " + SqlText.literal(schema))
        .isEmpty();
  }

  /** A relation's columns; a domain is taken for the type it restricts. */
  static List<TargetColumn> columns(long relation, Backend backend) throws IOException, SqlError {
    List<TargetColumn> columns = new ArrayList<>();
    for (List<@Nullable String> row :
        backend.query(
            "SELECT a.attname, coalesce(b.typname, t.typname),"
                + " CASE WHEN t.typtype = 'd' THEN t.typtypmod ELSE a.atttypmod END,"
                + " a.attnotnull OR t.typnotnull, a.attidentity <> ''"
                + " FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_type t ON t.oid = a.atttypid"
                + " LEFT JOIN pg_catalog.pg_type b ON t.typtype = 'd' AND b.oid = t.typbasetype"
                + " WHERE a.attrelid = "
                + relation
                + " AND a.attnum > 0 AND NOT a.attisdropped AND a.attgenerated = ''"
                + " ORDER BY a.attnum")) {
      columns.add(
          TargetColumn.of(
              text(row, 0),
              text(row, 1),
              Integer.parseInt(text(row, 2)),
              text(row, 3).equals("t"),
              text(row, 4).equals("t")));
    }
    return columns;
  }

  private static String text(List<@Nullable String> row, int index) {
    return String.valueOf(row.get(index));
  }

  private static List<TargetColumn> chosen(CopyStatement copy, List<TargetColumn> all, String table)
      throws SqlError {
    boolean explicitIds = copy.conversion().explicitIds();
    if (copy.columns().isEmpty()) {
      return all.stream().filter(column -> explicitIds || !column.identity()).toList();
    }
    List<TargetColumn> chosen = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    for (String name : copy.columns()) {
      TargetColumn column = null;
      for (TargetColumn candidate : all) {
        if (candidate.name().equals(name)) {
          column = candidate;
        }
      }
      if (column == null) {
        throw new SqlError(
            "42703", "column \"" + name + "\" of relation \"" + table + "\" does not exist");
      }
      if (!seen.add(name)) {
        throw new SqlError("42701", "column \"" + name + "\" specified more than once");
      }
      if (column.identity() && !explicitIds) {
        throw new SqlError("0A000", "cannot set an identity column to a value");
      }
      chosen.add(column);
    }
    return List.copyOf(chosen);
  }
}
