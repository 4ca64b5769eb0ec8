package io.penstock.sandbox.redshift.copy;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;

/** numeric: digits beyond the column's scale are cut off, or rounded with ROUNDEC. */
final class DecimalConverter implements FieldConverter {
  private static final int LARGEST_EXPONENT = 1000;

  private final int precision;
  private final int scale;
  private final RoundingMode rounding;

  DecimalConverter(TargetColumn column, boolean round) {
    this.precision = column.length() < 0 ? 38 : column.length();
    this.scale = column.length() < 0 ? 37 : column.scale();
    this.rounding = round ? RoundingMode.HALF_UP : RoundingMode.DOWN;
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    if (fits(field)) {
      out.append(field.bytes, field.start, field.length());
      return;
    }
    checkForm(field);
    BigDecimal value = new BigDecimal(ascii(field));
    if (Math.abs((long) value.scale()) > LARGEST_EXPONENT) {
      throw overflow();
    }
    BigDecimal scaled = value.setScale(scale, rounding);
    if (scaled.precision() > precision && scaled.signum() != 0) {
      throw overflow();
    }
    out.appendAscii(scaled.toPlainString());
  }

  private static String ascii(Field field) {
    return new String(field.bytes, field.start, field.length(), StandardCharsets.ISO_8859_1);
  }

  private RowFault overflow() {
    return new RowFault(RowFault.RANGE, "Overflow for NUMERIC(" + precision + "," + scale + ")");
  }

  /** Whether the field is plain digits that the column holds as they are. */
  private boolean fits(Field field) {
    byte[] bytes = field.bytes;
    int at = field.start;
    if (bytes[at] == '-') {
      at++;
    }
    int whole = 0;
    while (at < field.end && isDigit(bytes[at])) {
      at++;
      whole++;
    }
    int fraction = 0;
    if (at < field.end && bytes[at] == '.') {
      at++;
      while (at < field.end && isDigit(bytes[at])) {
        at++;
        fraction++;
      }
    }
    return at == field.end && whole > 0 && whole <= precision - scale && fraction <= scale;
  }

  private static void checkForm(Field field) throws RowFault {
    int at = field.start;
    if (field.bytes[at] == '-' || field.bytes[at] == '+') {
      at++;
    }
    int digits = 0;
    boolean point = false;
    for (; at < field.end; at++) {
      byte b = field.bytes[at];
      if (isDigit(b)) {
        digits++;
      } else if (b == '.' && !point) {
        point = true;
      } else if ((b == 'e' || b == 'E') && digits > 0) {
        checkExponent(field, at + 1);
        return;
      } else {
        throw IntegerConverter.invalidDigit(field, at, "Decimal");
      }
    }
    if (digits == 0) {
      throw IntegerConverter.invalidDigit(field, field.end - 1, "Decimal");
    }
  }

  private static void checkExponent(Field field, int from) throws RowFault {
    int at = from;
    if (at < field.end && (field.bytes[at] == '-' || field.bytes[at] == '+')) {
      at++;
    }
    if (at == field.end || field.end - at > 4) {
      throw IntegerConverter.invalidDigit(field, field.end - 1, "Decimal");
    }
    for (; at < field.end; at++) {
      if (!isDigit(field.bytes[at])) {
        throw IntegerConverter.invalidDigit(field, at, "Decimal");
      }
    }
  }

  private static boolean isDigit(byte b) {
    return b >= '0' && b <= '9';
  }
}
