package io.penstock.sandbox.redshift.copy;

import java.nio.charset.Charset;
import org.jspecify.annotations.Nullable;

/**
 * The data conversion parameters of a COPY. Source: Amazon Redshift Database Developer Guide, "Data
 * conversion parameters".
 *
 * @param nullString a field equal to it is NULL
 * @param replacement takes the place of each byte of an invalid UTF-8 character; null: refuse
 * @param headerLines lines to skip at the beginning of every file
 */
record Conversion(
    byte[] nullString,
    boolean emptyAsNull,
    boolean blanksAsNull,
    @Nullable String dateFormat,
    @Nullable String timeFormat,
    boolean acceptAnyDate,
    @Nullable Byte replacement,
    boolean truncateColumns,
    boolean fillRecord,
    boolean trimBlanks,
    boolean roundDecimals,
    boolean explicitIds,
    int headerLines,
    boolean ignoreBlankLines,
    Charset encoding) {}
