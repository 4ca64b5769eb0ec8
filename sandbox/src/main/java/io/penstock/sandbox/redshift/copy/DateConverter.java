package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.util.regex.Pattern;

/** date, in the format of DATEFORMAT. */
final class DateConverter implements FieldConverter {
  private static final Pattern TIMED =
      Pattern.compile(".{10}[ T]\\d{2}:\\d{2}(:\\d{2}(\\.\\d+)?)?");

  private final DateTimePattern pattern;
  private final String format;
  private final boolean iso;
  private final boolean anyDate;

  DateConverter(Conversion conversion) throws SqlError {
    String given = conversion.dateFormat();
    this.format = given == null ? "YYYY-MM-DD" : given;
    this.iso = format.equals("YYYY-MM-DD");
    this.pattern = DateTimePattern.of(format);
    this.anyDate = conversion.acceptAnyDate();
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (iso && field.length() == 10 && DateTime.isIsoDate(field.bytes, field.start)) {
      out.append(field.bytes, field.start, 10);
      return;
    }
    DateTime value = iso && field.length() < 10 ? null : pattern.parse(dateOf(field));
    if (value != null) {
      out.appendAscii(value.date());
    } else if (anyDate) {
      out.appendNull();
    } else {
      throw new RowFault(
          RowFault.DATE,
          iso && field.length() < 10
              ? "Invalid Date Format - length must be 10 or more"
              : "Invalid date format or value [" + format + "]");
    }
  }

  /** The default format reads ten characters; a time after them is ignored. */
  private String dateOf(Field field) {
    String text = field.text();
    return iso && TIMED.matcher(text).matches() ? text.substring(0, 10) : text;
  }
}
