package io.penstock.jobs.load;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an error of the server becomes. The server quotes values of rows in many messages, and parts
 * of a statement in others, so only messages that speak of names are repeated.
 */
final class StatementFailures {
  /** Classes of PostgreSQL's appendix A whose messages hold names, never values. */
  private static final Set<String> NAMING_CLASSES = Set.of("3F", "0A", "25", "55", "57", "2B");

  private static final String INSUFFICIENT_PRIVILEGE = "42501";

  /** States of class 42 that quote a name and not a piece of the statement. */
  private static final Set<String> NAMING_STATES =
      Set.of(
          INSUFFICIENT_PRIVILEGE,
          "42P01",
          "42703",
          "42P07",
          "42P06",
          "42704",
          "42883",
          "42809",
          "23502");

  private static final Pattern QUOTED =
      Pattern.compile("'[^']*'|\"[^\"]*\"|(?<=[Vv]alue:? )[-+]?\\d\\S*");
  private static final int LONGEST = 300;

  private StatementFailures() {}

  /** The same exception without anything that may be a value. */
  static SQLException withoutValues(SQLException failure) {
    SQLException safe = new SQLException(describe(failure), failure.getSQLState());
    safe.setStackTrace(failure.getStackTrace());
    return safe;
  }

  /** Whether the connection is gone, so that the server's answer is not known. */
  static boolean isBroken(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("08") || state.equals("57P01") || state.equals("57P02");
  }

  /** Error 1023, "Serializable isolation violation": the server rolled back all of it. */
  static boolean isSerialization(SQLException failure) {
    return "40001".equals(failure.getSQLState())
        || String.valueOf(failure.getMessage()).contains("Serializable isolation violation");
  }

  static boolean isCancelled(SQLException failure) {
    return "57014".equals(failure.getSQLState());
  }

  /**
   * @param work what was being done, such as {@code pre-sql statement 2}
   */
  static PenstockException of(String destination, String work, SQLException failure) {
    String problem = "The load into destination " + destination + " failed at " + work;
    if (isBroken(failure)) {
      return PenstockException.of(
          ErrorCode.LOAD_CONNECTION,
          problem,
          "the connection broke, " + describe(failure),
          "Run again with the same --run-id: nothing was applied, and nothing is applied twice",
          withoutValues(failure));
    }
    return PenstockException.of(
        ErrorCode.LOAD_STATEMENT,
        problem,
        describe(failure),
        remedy(String.valueOf(failure.getSQLState())),
        withoutValues(failure));
  }

  /** Whether the user lacks a privilege. */
  static boolean isForbidden(SQLException failure) {
    return INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState());
  }

  private static String remedy(String state) {
    if (state.equals(INSUFFICIENT_PRIVILEGE)) {
      return "Give the user the permissions that the command grants prints for this job file";
    }
    if (state.equals("40001")) {
      return "Let the other writers of these tables end, and run again with the same --run-id";
    }
    if (state.startsWith("22") || state.startsWith("23")) {
      return "Give the template types and nullability that the table takes; values are not shown";
    }
    return "Look the SQLSTATE up in the server's log of this session, change the named object or"
        + " statement, and run again with the same --run-id";
  }

  /** The server's message as far as it holds no value, and the SQLSTATE. */
  static String describe(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    String message = String.valueOf(failure.getMessage()).strip();
    if (state.startsWith("22") || (state.startsWith("23") && !state.equals("23502"))) {
      return "a value does not fit (SQLSTATE " + state + ")";
    }
    boolean naming =
        NAMING_STATES.contains(state)
            || NAMING_CLASSES.contains(state.substring(0, Math.min(2, state.length())));
    String shown = naming ? message : withoutQuotes(message);
    String line = shown.lines().findFirst().orElse("").strip();
    String cut = line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
    return "the server says: " + stripStop(cut) + " (SQLSTATE " + state + ")";
  }

  /** A text of the server with everything left out that it quotes. */
  static String withoutQuotes(String text) {
    return QUOTED.matcher(text).replaceAll("…");
  }

  private static String stripStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
