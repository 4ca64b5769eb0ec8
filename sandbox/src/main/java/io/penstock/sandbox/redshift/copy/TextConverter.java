package io.penstock.sandbox.redshift.copy;

import org.jspecify.annotations.Nullable;

/** char and varchar: valid UTF-8, as many bytes as the column is long. */
final class TextConverter implements FieldConverter {
  private final boolean fixed;
  private final int length;
  private final boolean truncate;
  private final @Nullable Byte replacement;
  private byte[] repaired = {};

  TextConverter(TargetColumn column, Conversion conversion) {
    this.fixed = column.type().equals("bpchar");
    this.length = column.length() < 0 ? 65535 : column.length();
    this.truncate = conversion.truncateColumns();
    this.replacement = conversion.replacement();
  }

  @Override
  public void convert(Field field, RowBuffer out) throws RowFault {
    checkCharacters(field);
    int end = field.end;
    if (field.length() > length) {
      end = withoutTrailingBlanks(field);
      if (end - field.start > length) {
        if (!truncate) {
          throw new RowFault(
              RowFault.RANGE,
              fixed ? "Char length exceeds DDL length" : "String length exceeds DDL length",
              length);
        }
        end = Utf8.boundary(field.bytes, field.start, field.start + length);
      }
    }
    out.appendEscaped(field.bytes, field.start, end);
  }

  /** A CHAR's trailing blanks mean nothing, so they may exceed its length. */
  private int withoutTrailingBlanks(Field field) {
    int end = field.end;
    while (fixed && end - field.start > length && field.bytes[end - 1] == ' ') {
      end--;
    }
    return end;
  }

  private void checkCharacters(Field field) throws RowFault {
    byte[] bytes = field.bytes;
    for (int at = field.start; at < field.end; ) {
      byte b = bytes[at];
      if (b > 0) {
        at++;
        continue;
      }
      if (b == 0) {
        throw new RowFault(
            RowFault.NUL, "Invalid null byte - field longer than 1 byte", at - field.start);
      }
      int size = Utf8.size(bytes, at, field.end);
      if (fixed && (size > 0 || replacement == null)) {
        throw new RowFault(
            RowFault.CODE_POINT,
            "Multibyte character not supported for CHAR (Hint: Try using VARCHAR). Invalid char: "
                + Utf8.hex(bytes, at, at + Math.max(1, size)),
            at - field.start);
      }
      if (size > 0) {
        at += size;
      } else if (replacement != null) {
        at = repair(field, at, -size, replacement);
        bytes = field.bytes;
      } else {
        throw new RowFault(
            RowFault.CODE_POINT,
            "String contains invalid or unsupported UTF-8 codepoints. Bad UTF-8 hex sequence: "
                + Utf8.hex(bytes, at, at - size)
                + " (error "
                + Utf8.errorNumber(bytes, at, field.end)
                + ")",
            at - field.start);
      }
    }
  }

  /** Writes the replacement over each invalid byte, in a copy; returns where to go on. */
  private int repair(Field field, int at, int count, byte with) {
    int offset = at - field.start;
    if (field.bytes != repaired) {
      repaired = java.util.Arrays.copyOfRange(field.bytes, field.start, field.end);
      field.set(repaired, 0, repaired.length);
    }
    for (int index = offset; index < offset + count; index++) {
      repaired[index] = with;
    }
    return offset + count;
  }
}
