package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.sandbox.redshift.SqlError;
import io.penstock.sandbox.redshift.sql.StoredName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** Finds the columns' values in a JSON or Avro document. */
final class DocumentMapping {
  private final CopyFormat.Mapping.Kind kind;
  private final List<TargetColumn> columns;
  private final @Nullable JsonPaths paths;

  private DocumentMapping(
      CopyFormat.Mapping.Kind kind, List<TargetColumn> columns, @Nullable JsonPaths paths) {
    this.kind = kind;
    this.columns = columns;
    this.paths = paths;
  }

  static DocumentMapping of(CopyFormat.Mapping mapping, List<TargetColumn> columns, S3Store store)
      throws IOException, SqlError {
    S3Location file = mapping.pathsFile();
    JsonPaths paths = file == null ? null : JsonPaths.read(file, store, columns.size());
    if (mapping.kind() == CopyFormat.Mapping.Kind.NO_SHRED
        && (columns.size() != 1 || !columns.get(0).type().equals("jsonb"))) {
      throw new SqlError(
          "0A000", "JSON 'noshred' needs exactly one target column, and it must be SUPER");
    }
    for (TargetColumn column : columns) {
      if (column.type().equals("bytea")) {
        throw new SqlError(
            "0A000",
            "COPY does not load VARBYTE column '"
                + column.name()
                + "' from JSON or AVRO: use CSV or PARQUET");
      }
    }
    return new DocumentMapping(mapping.kind(), columns, paths);
  }

  /** Hands a document's values to the loader, or the document as a bad row. */
  void load(JsonNode document, Field[] fields, RowLoader loader, RowOrigin origin)
      throws IOException, SqlError {
    try {
      fill(document, fields);
    } catch (RowFault fault) {
      loader.reject(fault, origin);
      return;
    }
    loader.load(fields, origin);
  }

  /** A document is an object, or an array where paths lead into one. */
  private void fill(JsonNode document, Field[] fields) throws RowFault {
    if (!document.isObject() && !(paths != null && document.isArray())) {
      throw new RowFault(RowFault.LINE, "Invalid JSON: a row must be an object");
    }
    for (int index = 0; index < fields.length; index++) {
      fill(columns.get(index), value(document, index), fields[index]);
    }
  }

  private @Nullable JsonNode value(JsonNode document, int column) {
    if (paths != null) {
      return paths.find(document, column);
    }
    String name = columns.get(column).name();
    return switch (kind) {
      case NO_SHRED -> document;
      case AUTO_IGNORE_CASE -> find(document, StoredName::fold, name);
      default ->
          StoredName.isShortened(name) ? find(document, key -> key, name) : document.get(name);
    };
  }

  private static @Nullable JsonNode find(
      JsonNode document, UnaryOperator<String> folding, String name) {
    for (Iterator<Map.Entry<String, JsonNode>> all = document.fields(); all.hasNext(); ) {
      Map.Entry<String, JsonNode> field = all.next();
      String key = folding.apply(field.getKey());
      if (key.equals(name) || (StoredName.isShortened(name) && StoredName.isOf(name, key))) {
        return field.getValue();
      }
    }
    return null;
  }

  private static void fill(TargetColumn column, @Nullable JsonNode value, Field field) {
    if (value == null || value.isMissingNode() || value.isNull()) {
      field.setNull();
    } else if (value.isBinary()) {
      field.set(bytes(value));
    } else if (column.type().equals("jsonb") || value.isContainerNode()) {
      field.set(value.toString());
    } else {
      field.set(value.asText());
    }
  }

  /** As JSON has them: each byte a character. */
  private static String bytes(JsonNode value) {
    try {
      return new String(value.binaryValue(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
