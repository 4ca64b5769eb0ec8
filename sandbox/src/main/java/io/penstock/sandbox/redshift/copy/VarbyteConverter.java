package io.penstock.sandbox.redshift.copy;

/**
 * varbyte, from hexadecimal text. Source: Amazon Redshift Database Developer Guide, "Loading a
 * column of the VARBYTE data type".
 */
final class VarbyteConverter implements FieldConverter {
  private static final int LONGEST = 1_024_000;

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    for (int at = field.start; at < field.end; at++) {
      if (Character.digit(field.bytes[at], 16) < 0) {
        throw new RowFault(
            RowFault.HEXADECIMAL, "Invalid hexadecimal digit for VARBYTE", at - field.start);
      }
    }
    if (field.length() % 2 != 0) {
      throw new RowFault(
          RowFault.HEXADECIMAL, "Odd number of hexadecimal digits for VARBYTE", field.length());
    }
    if (field.length() / 2 > LONGEST) {
      throw new RowFault(RowFault.RANGE, "VARBYTE length exceeds DDL length");
    }
    out.append('\\');
    out.append('\\');
    out.append('x');
    out.append(field.bytes, field.start, field.length());
  }
}
