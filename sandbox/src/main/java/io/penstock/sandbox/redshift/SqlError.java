package io.penstock.sandbox.redshift;

import org.jspecify.annotations.Nullable;

/** An error as the wire protocol reports it: SQLSTATE, message, optional detail and hint. */
public final class SqlError extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sqlState;
  private final @Nullable String detail;
  private final @Nullable String hint;

  public SqlError(String sqlState, String message, @Nullable String detail, @Nullable String hint) {
    super(message);
    this.sqlState = sqlState;
    this.detail = detail;
    this.hint = hint;
  }

  public SqlError(String sqlState, String message) {
    this(sqlState, message, null, null);
  }

  /** Five characters, PostgreSQL 17 appendix A. */
  public String sqlState() {
    return sqlState;
  }

  public @Nullable String detail() {
    return detail;
  }

  public @Nullable String hint() {
    return hint;
  }
}
