package io.penstock.sandbox.redshift;

import io.penstock.sandbox.redshift.sql.Translation;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs the statements of one client that PostgreSQL cannot, such as COPY, or not as they are. */
final class StatementRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StatementRunner.class);

  private final ServerConnection server;
  private final List<StatementExtension> extensions;
  private final CopySettings settings;

  StatementRunner(ServerConnection server, List<StatementExtension> extensions) {
    this.server = server;
    this.extensions = extensions;
    this.settings = new CopySettings(server);
  }

  /** Called when the client starts a new series of messages. */
  void beforeSeries() throws IOException {
    settings.restore();
  }

  /**
   * The server must be quiet. After an error the client's transaction is aborted, as after any
   * other.
   *
   * @return the command tag
   */
  String run(Translation translation) throws IOException, SqlError {
    if (server.transaction() == ServerConnection.FAILED) {
      throw new SqlError(
          "25P02",
          "current transaction is aborted, commands ignored until end of transaction block");
    }
    boolean inBlock = server.transaction() == ServerConnection.IN_TRANSACTION;
    boolean commits = false;
    if (translation instanceof Translation.Steps steps) {
      commits = steps.block() == Translation.Block.COMMITTED;
      if (inBlock && steps.block() == Translation.Block.REFUSED) {
        abort(true);
        throw new SqlError("25001", steps.name() + " cannot run inside a transaction block");
      }
    }
    if (!inBlock) {
      server.execute("BEGIN");
    }
    try {
      String tag = runInTransaction(translation);
      if (!inBlock || commits) {
        server.execute("COMMIT");
      }
      return tag;
    } catch (SqlError e) {
      abort(inBlock);
      throw e;
    } catch (RuntimeException e) {
      LOG.error("A statement of the sandbox's own failed", e);
      abort(inBlock);
      throw new SqlError("XX000", "The sandbox failed: " + e);
    }
  }

  private String runInTransaction(Translation translation) throws IOException, SqlError {
    if (translation instanceof Translation.Steps steps) {
      for (String statement : steps.statements()) {
        server.execute(statement);
      }
      return steps.tag();
    }
    for (StatementExtension extension : extensions) {
      if (extension.handles(translation.original())) {
        try {
          return extension.execute(translation.original(), server);
        } finally {
          settings.remember();
        }
      }
    }
    throw new SqlError("0A000", "this form of COPY or UNLOAD is not supported by the sandbox");
  }

  private void abort(boolean inBlock) throws IOException {
    try {
      if (!inBlock) {
        server.execute("ROLLBACK");
      } else if (server.transaction() == ServerConnection.IN_TRANSACTION) {
        server.execute("SELECT penstock_sandbox.refuse('25P02', 'aborted')");
      }
    } catch (SqlError expected) {
      LOG.trace("The transaction is aborted", expected);
    }
  }
}
