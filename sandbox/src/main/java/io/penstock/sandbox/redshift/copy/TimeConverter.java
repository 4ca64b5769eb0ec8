package io.penstock.sandbox.redshift.copy;

import java.util.regex.Pattern;

/** time and timetz: {@code HH:MI[:SS[.ffffff]]}, with an offset for timetz. */
final class TimeConverter implements FieldConverter {
  private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,6})?)?";
  private static final Pattern LOCAL = Pattern.compile(TIME + "|24:00:00(\\.0{1,6})?");
  private static final Pattern ZONED =
      Pattern.compile("(" + LOCAL.pattern() + ")( ?(Z|UTC|[+-]\\d\\d(:?\\d\\d)?))?");

  private final Pattern form;

  TimeConverter(boolean zoned) {
    this.form = zoned ? ZONED : LOCAL;
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (!form.matcher(field.text()).matches()) {
      throw new RowFault(RowFault.TIMESTAMP, "Invalid time format or value [HH24:MI:SS]");
    }
    out.append(field.bytes, field.start, field.length());
  }
}
