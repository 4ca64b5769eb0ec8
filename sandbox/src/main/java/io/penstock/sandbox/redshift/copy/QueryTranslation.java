package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;

/** Makes a query in Redshift's SQL one in PostgreSQL's. */
@FunctionalInterface
public interface QueryTranslation {
  String translate(String redshiftQuery) throws SqlError;
}
