package io.penstock.common.schema;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The one place where names and texts become part of a SQL statement (Amazon Redshift Database
 * Developer Guide, "Names and identifiers" and "Literals").
 */
public final class Identifiers {

  /** Longest identifier, in UTF-8 bytes. */
  public static final int MAX_BYTES = 127;

  private static final Set<String> SYSTEM_COLUMNS =
      Set.of("oid", "tableoid", "xmin", "cmin", "xmax", "cmax", "ctid");

  private Identifiers() {}

  /**
   * The name as Redshift keeps it: ASCII letters are folded to lower case, quoted or not; other
   * letters stay.
   */
  public static String fold(String name) {
    StringBuilder folded = new StringBuilder(name.length());
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      folded.append(c >= 'A' && c <= 'Z' ? (char) (c + ('a' - 'A')) : c);
    }
    return folded.toString();
  }

  /** What is wrong with a name of a schema, table, column or user; empty: nothing. */
  public static Optional<String> problemOf(String name) {
    if (name.isEmpty()) {
      return Optional.of("is empty");
    }
    int bytes = name.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      return Optional.of("is " + bytes + " bytes long; Redshift takes up to " + MAX_BYTES);
    }
    if (name.codePoints().anyMatch(Character::isISOControl)) {
      return Optional.of("contains a control character");
    }
    if (name.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE)) {
      return Optional.of("contains half of a surrogate pair");
    }
    return Optional.empty();
  }

  /** As {@link #problemOf}, refusing also the names of Redshift's system columns. */
  public static Optional<String> problemOfColumn(String name) {
    if (SYSTEM_COLUMNS.contains(fold(name))) {
      return Optional.of("is the name of a system column of Redshift");
    }
    return problemOf(name);
  }

  /** What is wrong with the names of the columns of one table; empty: nothing. */
  public static Optional<String> problemOfColumns(List<String> names) {
    Map<String, String> byFoldedName = new HashMap<>();
    for (String name : names) {
      Optional<String> problem = problemOfColumn(name);
      if (problem.isPresent()) {
        return Optional.of("the name of column " + shown(name) + " " + problem.get());
      }
      String other = byFoldedName.putIfAbsent(fold(name), name);
      if (other != null) {
        return Optional.of(
            "the names of columns "
                + shown(other)
                + " and "
                + shown(name)
                + " are one to Redshift");
      }
    }
    return Optional.empty();
  }

  /** A name as a message can hold it, whatever is wrong with it. */
  private static String shown(String name) {
    String start = name.length() > MAX_BYTES ? name.substring(0, MAX_BYTES) + "…" : name;
    return "\"" + start.replaceAll("\\p{Cntrl}", "?") + "\"";
  }

  /**
   * The name between double quotes, folded.
   *
   * @throws IllegalArgumentException where Redshift would refuse it
   */
  public static String quote(String name) {
    problemOf(name)
        .ifPresent(
            problem -> {
              throw new IllegalArgumentException("identifier " + problem);
            });
    return '"' + fold(name).replace("\"", "\"\"") + '"';
  }

  /** {@code "schema"."table"}. */
  public static String quote(TableName table) {
    return quote(table.schema()) + "." + quote(table.name());
  }

  /** {@code "a", "b"}. */
  public static String quoteAll(List<String> names) {
    return names.stream().map(Identifiers::quote).collect(Collectors.joining(", "));
  }

  /**
   * A string literal. Redshift reads backslash escapes within literals, so backslashes are doubled
   * as quotes are.
   */
  public static String literal(String text) {
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("a literal cannot hold the character NUL");
    }
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }
}
