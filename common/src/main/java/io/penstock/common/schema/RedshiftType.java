package io.penstock.common.schema;

import java.io.Serializable;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A column type of a template and of a Redshift table (Amazon Redshift Database Developer Guide,
 * "Data types").
 *
 * @param length bytes of a char, varchar or varbyte, or the precision of a decimal; else 0
 * @param scale digits after the point of a decimal; else 0
 */
public record RedshiftType(Kind kind, int length, int scale) implements Serializable {

  /** Longest VARCHAR, in bytes; {@code varchar(max)}. */
  public static final int VARCHAR_MAX = 65_535;

  /** Longest CHAR, in bytes. */
  public static final int CHAR_MAX = 4_096;

  /** Longest VARBYTE, in bytes. */
  public static final int VARBYTE_MAX = 16_777_216;

  /** A varbyte without a length. */
  public static final int VARBYTE_DEFAULT = 64_000;

  private static final Pattern FORM =
      Pattern.compile(
          "\\s*([a-z]+)\\s*(?:\\(\\s*(max|\\d{1,9})\\s*(?:,\\s*(\\d{1,9})\\s*)?\\))?\\s*");

  /** The families of types. */
  public enum Kind {
    SMALLINT,
    INTEGER,
    BIGINT,
    DECIMAL,
    REAL,
    DOUBLE,
    BOOLEAN,
    CHAR,
    VARCHAR,
    DATE,
    TIMESTAMP,
    TIMESTAMPTZ,
    SUPER,
    VARBYTE
  }

  public RedshiftType {
    if (!isValid(kind, length, scale)) {
      throw new IllegalArgumentException(
          "not a Redshift type: " + kind + "(" + length + "," + scale + ")");
    }
  }

  private static boolean isValid(Kind kind, int length, int scale) {
    return switch (kind) {
      case DECIMAL -> length >= 1 && length <= 38 && scale >= 0 && scale <= Math.min(length, 37);
      case CHAR -> length >= 1 && length <= CHAR_MAX && scale == 0;
      case VARCHAR -> length >= 1 && length <= VARCHAR_MAX && scale == 0;
      case VARBYTE -> length >= 1 && length <= VARBYTE_MAX && scale == 0;
      default -> length == 0 && scale == 0;
    };
  }

  public static RedshiftType of(Kind kind) {
    return new RedshiftType(kind, kind == Kind.VARBYTE ? VARBYTE_DEFAULT : 0, 0);
  }

  public static RedshiftType character(int bytes) {
    return new RedshiftType(Kind.CHAR, bytes, 0);
  }

  public static RedshiftType varchar(int bytes) {
    return new RedshiftType(Kind.VARCHAR, bytes, 0);
  }

  public static RedshiftType decimal(int precision, int scale) {
    return new RedshiftType(Kind.DECIMAL, precision, scale);
  }

  /** Reads a type as a job file writes it, such as {@code varchar(max)}; empty where it is none. */
  public static Optional<RedshiftType> parse(String text) {
    Matcher form = FORM.matcher(text.toLowerCase(Locale.ROOT));
    if (!form.matches()) {
      return Optional.empty();
    }
    return kindOf(form.group(1)).flatMap(kind -> parse(kind, form));
  }

  private static Optional<Kind> kindOf(String word) {
    for (Kind kind : Kind.values()) {
      if (kind.name().toLowerCase(Locale.ROOT).equals(word)) {
        return Optional.of(kind);
      }
    }
    return Optional.empty();
  }

  private static Optional<RedshiftType> parse(Kind kind, Matcher form) {
    String first = form.group(2);
    String second = form.group(3);
    boolean twoNumbers = kind == Kind.DECIMAL;
    boolean oneNumber = kind == Kind.CHAR || kind == Kind.VARCHAR;
    if (kind == Kind.VARBYTE && first == null) {
      return Optional.of(of(kind));
    }
    if (kind == Kind.VARBYTE) {
      oneNumber = true;
    }
    if ((first != null) != (oneNumber || twoNumbers) || (second != null) != twoNumbers) {
      return Optional.empty();
    }
    if (first == null) {
      return Optional.of(of(kind));
    }
    if ("max".equals(first) && kind != Kind.VARCHAR) {
      return Optional.empty();
    }
    int length = "max".equals(first) ? VARCHAR_MAX : Integer.parseInt(first);
    int scale = second == null ? 0 : Integer.parseInt(second);
    return isValid(kind, length, scale)
        ? Optional.of(new RedshiftType(kind, length, scale))
        : Optional.empty();
  }

  /** The type as {@code CREATE TABLE} writes it. */
  public String ddl() {
    return switch (kind) {
      case DECIMAL -> "DECIMAL(" + length + "," + scale + ")";
      case CHAR -> "CHAR(" + length + ")";
      case VARCHAR -> "VARCHAR(" + length + ")";
      case VARBYTE -> "VARBYTE(" + length + ")";
      case DOUBLE -> "DOUBLE PRECISION";
      default -> kind.name();
    };
  }

  /** Whether Redshift compares values of the type by their content. */
  public boolean isComparable() {
    return kind != Kind.SUPER;
  }

  /** Whether {@link #length} counts UTF-8 bytes of text. */
  public boolean isText() {
    return kind == Kind.CHAR || kind == Kind.VARCHAR;
  }

  @Override
  public String toString() {
    return ddl().toLowerCase(Locale.ROOT);
  }
}
