package io.penstock.sandbox.redshift;

import java.io.IOException;

/** Executes statements that Amazon Redshift knows and PostgreSQL does not. */
public interface StatementExtension {

  /** Whether this extension executes the statement. */
  boolean handles(String sql);

  /** Executes one statement on the client's own connection and returns its command tag. */
  String execute(String sql, Backend backend) throws IOException, SqlError;
}
