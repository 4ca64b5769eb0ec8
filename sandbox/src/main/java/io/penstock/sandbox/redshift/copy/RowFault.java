package io.penstock.sandbox.redshift.copy;

/**
 * Why a row cannot be loaded.
 *
 * <p>Codes and their meanings: Amazon Redshift Database Developer Guide, "Load error reference".
 */
final class RowFault extends Exception {
  private static final long serialVersionUID = 1L;

  static final int RANGE = 1204;
  static final int COLUMNS_EXTRA = 1202;
  static final int DATE = 1205;
  static final int TIMESTAMP = 1206;
  static final int DIGIT = 1207;
  static final int FLOAT = 1208;
  static final int BOOLEAN = 1210;
  static final int NOT_NULL = 1213;
  static final int DELIMITER = 1214;
  static final int LINE = 1216;
  static final int NUL = 1218;
  static final int HEXADECIMAL = 1219;
  static final int CODE_POINT = 1220;
  static final int ENCODING = 1221;
  static final int INTEGER_OVERFLOW = 1222;
  static final int SUPER = 1224;

  private final int code;
  private final int position;

  /**
   * @param position of the offending byte within the field
   */
  RowFault(int code, String reason, int position) {
    super(reason, null, false, false);
    this.code = code;
    this.position = position;
  }

  RowFault(int code, String reason) {
    this(code, reason, 0);
  }

  int code() {
    return code;
  }

  int position() {
    return position;
  }

  String reason() {
    return String.valueOf(getMessage());
  }
}
