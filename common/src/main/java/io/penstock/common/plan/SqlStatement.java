package io.penstock.common.plan;

/**
 * A statement to send and the form of it that may be shown.
 *
 * @param sql as it is executed; may hold credentials
 * @param redacted the same with every secret replaced by {@code ***}
 */
public record SqlStatement(String sql, String redacted) {

  /** A statement without secrets. */
  public static SqlStatement of(String sql) {
    return new SqlStatement(sql, sql);
  }

  /** The redacted form: what logs and messages may hold. */
  @Override
  public String toString() {
    return redacted;
  }
}
