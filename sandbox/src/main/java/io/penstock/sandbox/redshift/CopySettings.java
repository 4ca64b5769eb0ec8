package io.penstock.sandbox.redshift;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What pg_last_copy_count() and pg_last_query_id() answer. PostgreSQL forgets a setting when the
 * transaction that made it is rolled back, Redshift does not: so the values are set again.
 */
final class CopySettings {
  private static final Logger LOG = LoggerFactory.getLogger(CopySettings.class);

  private final ServerConnection server;
  private final Map<String, String> values = new LinkedHashMap<>();
  private boolean atRisk;

  CopySettings(ServerConnection server) {
    this.server = server;
  }

  /** Takes over the values that the last COPY or UNLOAD set. */
  void remember() {
    values.putAll(server.settings());
    atRisk = !values.isEmpty();
  }

  /** Sets the values again after the end of the transaction in which they were set. */
  void restore() throws IOException {
    if (!atRisk) {
      return;
    }
    server.awaitQuiet();
    if (server.transaction() != ServerConnection.IDLE) {
      return;
    }
    atRisk = false;
    for (Map.Entry<String, String> value : values.entrySet()) {
      try {
        server.query(
            "SELECT set_config('" + value.getKey() + "', '" + value.getValue() + "', false)");
      } catch (SqlError e) {
        LOG.warn("{} could not be set again: {}", value.getKey(), e.getMessage());
      }
    }
  }
}
