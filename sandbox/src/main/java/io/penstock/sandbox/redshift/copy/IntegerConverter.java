package io.penstock.sandbox.redshift.copy;

/** smallint, integer and bigint. */
final class IntegerConverter implements FieldConverter {
  private final long least;
  private final long most;
  private final String type;

  IntegerConverter(long least, long most, String type) {
    this.least = least;
    this.most = most;
    this.type = type;
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    byte[] bytes = field.bytes;
    int at = field.start;
    boolean negative = bytes[at] == '-';
    if (negative || bytes[at] == '+') {
      at++;
    }
    if (at == field.end) {
      throw invalidDigit(field, at - 1, type);
    }
    int digits = at;
    // counting down from zero, because the least value has no positive counterpart
    long value = 0;
    for (; at < field.end; at++) {
      int digit = bytes[at] - '0';
      if (digit < 0 || digit > 9) {
        throw invalidDigit(field, at, type);
      }
      if (value < (Long.MIN_VALUE + digit) / 10) {
        throw overflow(field);
      }
      value = value * 10 - digit;
    }
    if (negative ? value < least : value < -most) {
      throw overflow(field);
    }
    if (negative) {
      out.append('-');
    }
    out.append(bytes, digits, field.end - digits);
  }

  private RowFault overflow(Field field) {
    return new RowFault(
        RowFault.INTEGER_OVERFLOW, "Overflow, Value '" + field.text() + "', Type: " + type);
  }

  static RowFault invalidDigit(Field field, int at, String type) {
    int position = at - field.start;
    return new RowFault(
        RowFault.DIGIT,
        "Invalid digit, Value '"
            + (char) (field.bytes[at] & 0xff)
            + "', Pos "
            + position
            + ", Type: "
            + type,
        position);
  }
}
