package io.penstock.common.schema;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A schema and a table of Redshift, as the user wrote them, without quotes. */
public record TableName(String schema, String name) {
  private static final String PART = "(?:\"((?:[^\"]|\"\")+)\"|([^\".]+))";
  private static final Pattern FORM = Pattern.compile("(?:" + PART + "\\.)?" + PART);
  private static final String DEFAULT_SCHEMA = "public";

  /**
   * Reads {@code table} or {@code schema.table}; a part between double quotes may hold dots. Empty
   * where it is neither.
   */
  public static Optional<TableName> parse(String text) {
    Matcher form = FORM.matcher(text);
    if (!form.matches()) {
      return Optional.empty();
    }
    return Optional.of(
        new TableName(part(form, 1).orElse(DEFAULT_SCHEMA), part(form, 3).orElseThrow()));
  }

  private static Optional<String> part(Matcher form, int group) {
    return form.group(group) == null
        ? Optional.ofNullable(form.group(group + 1))
        : Optional.of(form.group(group).replace("\"\"", "\""));
  }

  @Override
  public String toString() {
    return schema + "." + name;
  }
}
