package io.penstock.sandbox.redshift.copy;

import java.util.List;

/**
 * One row of STL_LOAD_ERRORS, and its rows of STL_LOADERROR_DETAIL.
 *
 * @param lineNumber of the row's first line in its file, from 1; of a JSON document the last line
 * @param columnName empty where the row could not be taken apart
 * @param type Redshift's internal name of the column's type, such as {@code int4}
 * @param columnLength as declared, empty if none
 * @param position of the error in the field, in bytes
 * @param rawFieldValue before parsing
 * @param startOffset of the row in its file, in bytes
 * @param fields up to and with the one that failed
 */
record LoadError(
    String fileName,
    long lineNumber,
    String columnName,
    String type,
    String columnLength,
    int position,
    String rawLine,
    String rawFieldValue,
    int code,
    String reason,
    long startOffset,
    List<ParsedField> fields) {

  /**
   * A field of a row that failed.
   *
   * @param number from 0
   * @param value empty where it is NULL or the one that failed
   */
  record ParsedField(
      int number, String columnName, String value, boolean isNull, String type, String length) {}
}
