package io.penstock.sandbox.redshift.sql;

/** What the front does with one statement. */
public sealed interface Translation {

  /** The statement as the client wrote it. */
  String original();

  /** PostgreSQL runs {@code sql}. A refusal is also that: SQL that raises the error in its turn. */
  record Pass(String original, String sql) implements Translation {}

  /** PostgreSQL runs {@code sql} and the transaction is committed: TRUNCATE in Redshift. */
  record Committing(String original, String sql) implements Translation {}

  /** COPY from or UNLOAD to S3. */
  record Bulk(String original) implements Translation {}
}
