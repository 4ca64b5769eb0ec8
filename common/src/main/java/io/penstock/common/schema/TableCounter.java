package io.penstock.common.schema;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Names of tables that are numbered: {@code <name>_1}, {@code <name>_2} and so on. */
public final class TableCounter {
  private static final String SEPARATOR = "_";
  private static final int MAX_DIGITS = 10;

  /** Longest name that leaves room for a number, in UTF-8 bytes. */
  public static final int MAX_BASE_BYTES = Identifiers.MAX_BYTES - SEPARATOR.length() - MAX_DIGITS;

  private TableCounter() {}

  /** What is wrong with a name that is to be numbered; empty: nothing. */
  public static Optional<String> problemOf(TableName base) {
    int bytes = base.name().getBytes(StandardCharsets.UTF_8).length;
    return bytes > MAX_BASE_BYTES
        ? Optional.of("is " + bytes + " bytes long, and operation = create-new adds a number")
        : Optional.empty();
  }

  /** What every numbered name begins with, folded. */
  public static String prefix(String base) {
    return Identifiers.fold(base) + SEPARATOR;
  }

  /** The name of a table whose number is not known yet. */
  public static TableName pattern(TableName base) {
    return new TableName(base.schema(), base.name() + SEPARATOR + "<n>");
  }

  /**
   * The next table: its number is above those of every table that was made so far, and no other
   * table has its name.
   *
   * @param made names of the tables that earlier runs made; others among them are left out
   * @param taken names of all tables of the schema that begin with {@link #prefix}
   */
  public static TableName next(TableName base, Collection<String> made, Collection<String> taken) {
    long number = made.stream().mapToLong(name -> number(base.name(), name)).max().orElse(0) + 1;
    Set<String> names = taken.stream().map(Identifiers::fold).collect(Collectors.toSet());
    while (names.contains(prefix(base.name()) + number)) {
      number++;
    }
    return new TableName(base.schema(), base.name() + SEPARATOR + number);
  }

  private static long number(String base, String name) {
    String folded = Identifiers.fold(name);
    String prefix = prefix(base);
    String digits = folded.startsWith(prefix) ? folded.substring(prefix.length()) : "";
    return digits.matches("[1-9]\\d{0," + (MAX_DIGITS - 1) + "}") ? Long.parseLong(digits) : 0;
  }
}
