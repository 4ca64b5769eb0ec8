package io.penstock.sandbox.redshift.sql;

import io.penstock.sandbox.redshift.SqlError;
import java.util.Locale;
import java.util.Set;

/**
 * SET, RESET and SHOW. Parameters that only Redshift has become {@code redshift.<name>}: they keep
 * their value and have no effect, except where the front itself reads them.
 */
final class Settings {
  private static final Set<String> REDSHIFT_ONLY =
      Set.of(
          "query_group",
          "wlm_query_slot_count",
          "enable_result_cache_for_session",
          "analyze_threshold_percent",
          "describe_field_name_in_uppercase",
          "enable_vacuum_boost",
          "error_on_nondeterministic_update",
          "json_serialization_enable",
          "json_serialization_parse_nested_strings",
          "max_concurrency_scaling_clusters",
          "mv_enable_aqmv_for_session",
          "navigate_super_null_on_error",
          "parse_super_null_on_error",
          "spectrum_query_maxerror",
          "stored_proc_log_min_messages",
          "cast_super_null_on_error",
          "enable_numeric_rounding");

  /** SHOW of catalog objects; the views {@code svv_*} have the same. */
  private static final Set<String> LISTINGS =
      Set.of(
          "databases",
          "schemas",
          "tables",
          "columns",
          "constraints",
          "grants",
          "table",
          "view",
          "functions",
          "procedures");

  /** Changing these would change what literals mean, or what transactions are. */
  private static final Set<String> FIXED =
      Set.of(
          "standard_conforming_strings",
          "backslash_quote",
          "allow_system_table_mods",
          "default_transaction_isolation",
          "transaction_isolation");

  private Settings() {}

  static String translate(Statement statement) throws SqlError {
    if (statement.startsWith("show") && statement.size() > 1) {
      String what = statement.token(1).name();
      if (LISTINGS.contains(what)) {
        throw Translator.refused("SHOW " + what.toUpperCase(Locale.ROOT));
      }
    }
    if (statement.startsWith("set") && statement.contains("isolation", "level")) {
      return Transactions.serializable(statement, 0);
    }
    int at = 1;
    if (statement.matches(at, "session")
        && !statement.matches(at + 1, "authorization")
        && !statement.matches(at + 1, "characteristics")) {
      at++;
    } else if (statement.matches(at, "local")) {
      at++;
    }
    if (!statement.isIdentifier(at)) {
      return Expressions.rewrite(statement);
    }
    String name = statement.token(at).name();
    if (FIXED.contains(name)) {
      throw new SqlError("42704", "unrecognized configuration parameter \"" + name + "\"");
    }
    if (name.equals("case_sensitive_identifier")
        || name.equals("enable_case_sensitive_identifier")
        || name.equals("downcase_delimited_identifier")) {
      throw Translator.refused(name.toUpperCase(Locale.ROOT));
    }
    if (!REDSHIFT_ONLY.contains(name)) {
      return Expressions.rewrite(statement);
    }
    if (statement.startsWith("show")) {
      return "SELECT coalesce(current_setting('redshift." + name + "', true), '') AS " + name;
    }
    return Expressions.rewrite(statement, 0, at)
        + " redshift."
        + name
        + " "
        + Expressions.rewrite(statement, at + 1, statement.size());
  }
}
