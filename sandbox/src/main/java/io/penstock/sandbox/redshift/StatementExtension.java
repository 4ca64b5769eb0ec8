package io.penstock.sandbox.redshift;

import java.io.IOException;

/** Runs the statements that PostgreSQL has no counterpart for, such as COPY from S3. */
public interface StatementExtension {

  /**
   * Whether this extension runs the statement; {@code sql} is one statement as the client wrote it.
   */
  boolean handles(String sql);

  /**
   * Runs it in the client's transaction. Outside of a transaction block the caller opens one and
   * commits it, or rolls it back after an error.
   *
   * @return the command tag, such as {@code COPY}
   * @throws SqlError reported to the client; its transaction is then aborted
   */
  String execute(String sql, Backend backend) throws IOException, SqlError;
}
