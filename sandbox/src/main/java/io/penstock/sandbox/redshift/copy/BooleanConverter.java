package io.penstock.sandbox.redshift.copy;

import java.util.Locale;

/** boolean, in the spellings of Amazon Redshift's "Boolean type". */
final class BooleanConverter implements FieldConverter {
  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    out.append(value(field.text().toLowerCase(Locale.ROOT)) ? 't' : 'f');
  }

  private static boolean value(String text) throws RowFault {
    return switch (text) {
      case "t", "true", "y", "yes", "1" -> true;
      case "f", "false", "n", "no", "0" -> false;
      default -> throw new RowFault(RowFault.BOOLEAN, "Unknown boolean format");
    };
  }
}
