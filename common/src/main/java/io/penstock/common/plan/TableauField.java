package io.penstock.common.plan;

import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.RedshiftType.Kind;
import java.util.Arrays;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * A column as Tableau shows it.
 *
 * @param name of the column, as Redshift keeps it
 * @param caption for people
 * @param datatype {@code string integer real date datetime boolean}
 * @param role {@code dimension}, which rows are grouped by, or {@code measure}, which is added up
 * @param type {@code nominal}, {@code ordinal} or {@code quantitative}
 */
record TableauField(String name, String caption, String datatype, String role, String type) {
  /** Numbers that nobody adds up. */
  private static final Pattern IDENTIFYING = Pattern.compile("(?:.*[_ ])?(?:id|key|code|year|zip)");

  private static final String DIMENSION = "dimension";

  /**
   * @param keys folded names of columns that identify a row
   */
  static TableauField of(Column column, Set<String> keys) {
    String name = Identifiers.fold(column.name());
    String datatype = datatype(column.type().kind());
    boolean identifying = keys.contains(name) || IDENTIFYING.matcher(name).matches();
    boolean measure = datatype.equals("real") || (datatype.equals("integer") && !identifying);
    return new TableauField(
        name,
        caption(column.name()),
        datatype,
        measure ? "measure" : DIMENSION,
        measure ? "quantitative" : isOrdered(datatype) ? "ordinal" : "nominal");
  }

  private static String datatype(Kind kind) {
    return switch (kind) {
      case SMALLINT, INTEGER, BIGINT -> "integer";
      case DECIMAL, REAL, DOUBLE -> "real";
      case BOOLEAN -> "boolean";
      case DATE -> "date";
      case TIMESTAMP, TIMESTAMPTZ -> "datetime";
      case CHAR, VARCHAR, SUPER, VARBYTE -> "string";
    };
  }

  private static boolean isOrdered(String datatype) {
    return datatype.equals("integer") || datatype.startsWith("date");
  }

  /** {@code full_name} → {@code Full Name}; letters after the first of a word stay. */
  static String caption(String name) {
    String words =
        Arrays.stream(name.split("[_\\s]+"))
            .filter(word -> !word.isEmpty())
            .map(TableauField::capitalized)
            .collect(Collectors.joining(" "));
    return words.isEmpty() ? name : words;
  }

  private static String capitalized(String word) {
    int first = word.codePointAt(0);
    return new StringBuilder(word.length())
        .appendCodePoint(Character.toTitleCase(first))
        .append(word, Character.charCount(first), word.length())
        .toString();
  }

  TableauField withCaption(String changed) {
    return new TableauField(name, changed, datatype, role, type);
  }
}
