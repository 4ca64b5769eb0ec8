package io.penstock.jobs.redshift;

import java.sql.SQLException;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What an error of the server becomes. The server quotes values of rows in many messages, and parts
 * of a statement in others, so only messages that speak of names are repeated.
 */
public final class StatementFailures {
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
  public static SQLException withoutValues(SQLException failure) {
    SQLException safe = new SQLException(describe(failure), failure.getSQLState());
    safe.setStackTrace(failure.getStackTrace());
    return safe;
  }

  /** Whether the connection is gone, so that the server's answer is not known. */
  public static boolean isBroken(SQLException failure) {
    String state = String.valueOf(failure.getSQLState());
    return state.startsWith("08") || state.equals("57P01") || state.equals("57P02");
  }

  /** Error 1023, "Serializable isolation violation": the server rolled back all of it. */
  public static boolean isSerialization(SQLException failure) {
    return "40001".equals(failure.getSQLState())
        || String.valueOf(failure.getMessage()).contains("Serializable isolation violation");
  }

  public static boolean isCancelled(SQLException failure) {
    return "57014".equals(failure.getSQLState());
  }

  /** Whether the user lacks a privilege. */
  public static boolean isForbidden(SQLException failure) {
    return INSUFFICIENT_PRIVILEGE.equals(failure.getSQLState());
  }

  /** The server's message as far as it holds no value, and the SQLSTATE. */
  public static String describe(SQLException failure) {
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
  public static String withoutQuotes(String text) {
    return QUOTED.matcher(text).replaceAll("…");
  }

  private static String stripStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
