package io.penstock.sandbox.redshift.copy;

import java.util.Locale;
import java.util.regex.Pattern;

/** real and double precision, with NaN and the infinities. */
final class FloatConverter implements FieldConverter {
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?(\\d+\\.?\\d*|\\.\\d+)([eE][+-]?\\d{1,5})?");
  private static final Pattern NOT_FINITE = Pattern.compile("nan|[+-]?inf(inity)?");
  private static final int CERTAINLY_FINITE = 30;

  private final boolean single;

  FloatConverter(boolean single) {
    this.single = single;
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (!isShortDecimal(field)) {
      check(field);
    }
    out.append(field.bytes, field.start, field.length());
  }

  private static boolean isShortDecimal(Field field) {
    int at = field.start;
    if (field.length() > CERTAINLY_FINITE) {
      return false;
    }
    if (field.bytes[at] == '-') {
      at++;
    }
    int digits = 0;
    boolean point = false;
    for (; at < field.end; at++) {
      byte b = field.bytes[at];
      if (b >= '0' && b <= '9') {
        digits++;
      } else if (b == '.' && !point) {
        point = true;
      } else {
        return false;
      }
    }
    return digits > 0;
  }

  private void check(Field field) throws RowFault {
    String text = field.text();
    if (NOT_FINITE.matcher(text.toLowerCase(Locale.ROOT)).matches()) {
      return;
    }
    if (!NUMBER.matcher(text).matches()) {
      throw IntegerConverter.invalidDigit(field, firstForeign(field), single ? "Float" : "Double");
    }
    double value = Double.parseDouble(text);
    boolean overflow = single ? Float.isInfinite((float) value) : Double.isInfinite(value);
    boolean underflow = (single ? (float) value == 0 : value == 0) && hasDigitOtherThanZero(text);
    if (overflow || underflow) {
      throw new RowFault(RowFault.RANGE, "Overflow for " + (single ? "FLOAT4" : "FLOAT8"), 0);
    }
  }

  private static boolean hasDigitOtherThanZero(String text) {
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c == 'e' || c == 'E') {
        return false;
      }
      if (c >= '1' && c <= '9') {
        return true;
      }
    }
    return false;
  }

  private static int firstForeign(Field field) {
    for (int at = field.start; at < field.end; at++) {
      byte b = field.bytes[at];
      if ((b < '0' || b > '9') && b != '.' && b != '-' && b != '+') {
        return at;
      }
    }
    return field.end - 1;
  }
}
