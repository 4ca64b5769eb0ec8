package io.penstock.sandbox.redshift.copy;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A parsed COPY.
 *
 * @param schema null when the search path decides
 * @param columns empty when the table's own columns are meant
 * @param source a manifest file when {@code manifest}, otherwise the beginning of keys
 * @param region where the bucket is; null: where the cluster is
 * @param maxErrors rows that may fail, from 0 to 100000
 * @param noLoad checks the files and stores nothing
 */
record CopyStatement(
    @Nullable String schema,
    String table,
    List<String> columns,
    S3Location source,
    Authorization authorization,
    CopyFormat format,
    Compression compression,
    boolean manifest,
    Conversion conversion,
    int maxErrors,
    boolean noLoad,
    @Nullable String region) {}
