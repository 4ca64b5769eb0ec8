package io.penstock.jobs.map;

import java.math.BigDecimal;
import org.apache.spark.unsafe.types.UTF8String;

/** Why a value does not fit, called from generated code for such values only. */
public final class Reasons {
  static final String OF_NULL = "NULL in a column with nullable = false";

  private Reasons() {}

  /** A number that the type cannot hold is outside; anything else is not valid. */
  public static UTF8String ofNumber(UTF8String text, UTF8String type, boolean whole) {
    BigDecimal number = Numbers.number(text);
    boolean valid = number != null && !(whole && hasFraction(number));
    return UTF8String.fromString((valid ? "outside " : "not a valid ") + type);
  }

  private static boolean hasFraction(BigDecimal number) {
    return number.signum() != 0 && number.stripTrailingZeros().scale() > 0;
  }

  public static UTF8String ofVarchar(UTF8String text, int most) {
    return longerThan(most);
  }

  public static UTF8String ofVarchar(byte[] bytes, int most) {
    return bytes.length > most ? longerThan(most) : UTF8String.fromString("not valid UTF-8");
  }

  public static UTF8String ofChar(UTF8String text, int most) {
    return Texts.isSingleByte(text) ? longerThan(most) : multibyte();
  }

  public static UTF8String ofChar(byte[] bytes, int most) {
    UTF8String text = Texts.textOfBytes(bytes);
    return text == null ? UTF8String.fromString("not valid UTF-8") : ofChar(text, most);
  }

  private static UTF8String multibyte() {
    return UTF8String.fromString("multibyte character in a char column");
  }

  private static UTF8String longerThan(int most) {
    return UTF8String.fromString("longer than " + most + " bytes");
  }
}
