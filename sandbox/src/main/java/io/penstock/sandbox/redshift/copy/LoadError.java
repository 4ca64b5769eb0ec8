package io.penstock.sandbox.redshift.copy;

/**
 * One row of STL_LOAD_ERRORS.
 *
 * @param tableId the table's oid
 * @param session the process id of the client's session
 * @param lineNumber of the row's first line in its file, from 1
 * @param type Redshift's name of the column's type
 * @param columnLength as declared, empty if none
 * @param position of the error in the field, in bytes
 * @param rawLine at most 1024 characters
 * @param rawFieldValue at most 1024 characters, before parsing
 * @param startOffset of the row in its file, in bytes
 */
record LoadError(
    int userId,
    int tableId,
    int session,
    int query,
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
    long startOffset) {}
