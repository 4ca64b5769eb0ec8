package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.Backend;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What COPY and UNLOAD leave behind in the client's session. */
final class Session {
  private final Backend backend;

  Session(Backend backend) {
    this.backend = backend;
  }

  /** Takes a query id and makes it what pg_last_query_id() returns. */
  QueryIdentity beginQuery() throws IOException, SqlError {
    List<@Nullable String> row =
        backend
            .query(
                "SELECT set_config('penstock.last_query_id',"
                    + " nextval('penstock_sandbox.query_ids')::text, false),"
                    + " pg_catalog.pg_backend_pid(),"
                    + " (SELECT oid FROM pg_catalog.pg_roles WHERE rolname = current_user)")
            .get(0);
    return new QueryIdentity(number(row, 0), number(row, 1), number(row, 2));
  }

  private static int number(List<@Nullable String> row, int index) {
    return Integer.parseInt(String.valueOf(row.get(index)));
  }

  /** From here on the load itself fails or succeeds: what pg_last_copy_id() returns. */
  void loads(QueryIdentity query) throws IOException, SqlError {
    backend.query("SELECT set_config('penstock.last_copy_id', '" + query.queryId() + "', false)");
  }

  void copied(long rows) throws IOException, SqlError {
    backend.query("SELECT set_config('penstock.last_copy_count', '" + rows + "', false)");
  }

  void unloaded(long rows) throws IOException, SqlError {
    backend.query("SELECT set_config('penstock.last_unload_count', '" + rows + "', false)");
  }

  /** Sends the client an INFO message, through the server, as Redshift's leader node does. */
  void inform(String message) throws IOException, SqlError {
    backend.execute(
        "DO " + SqlText.literal("BEGIN RAISE INFO '%', " + SqlText.literal(message) + "; END"));
  }
}
