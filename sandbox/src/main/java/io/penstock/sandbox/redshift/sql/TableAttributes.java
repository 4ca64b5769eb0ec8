package io.penstock.sandbox.redshift.sql;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What Redshift keeps of a table and PostgreSQL does not. It travels to the catalog's event trigger
 * as a comment at the end of the statement: {@code
 * /*penstock{"table":"t","diststyle":"KEY",…}*}{@code /}. A key that is absent leaves the stored
 * attribute as it is.
 */
final class TableAttributes {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final String table;
  private final Map<String, String> encodings = new LinkedHashMap<>();
  private @Nullable String distributionStyle;
  private @Nullable String distributionKey;
  private @Nullable String sortStyle;
  private List<String> sortKey = new ArrayList<>();
  private final Map<String, String> renamed = new LinkedHashMap<>();

  TableAttributes(String table) {
    this.table = table;
  }

  void distributionStyle(String style) {
    this.distributionStyle = style;
  }

  void distributionKey(String column) {
    this.distributionKey = column;
    this.distributionStyle = "KEY";
  }

  void sortKey(String style, List<String> columns) {
    this.sortStyle = style;
    this.sortKey = columns;
  }

  void addToSortKey(String column) {
    this.sortStyle = "COMPOUND";
    this.sortKey.add(column);
  }

  void encoding(String column, String encoding) {
    encodings.put(column, encoding);
  }

  /** The names in the stored attributes follow the column. */
  void renamed(String from, String to) {
    renamed.put("from", from);
    renamed.put("to", to);
  }

  String comment() {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("table", table);
    if (distributionStyle != null) {
      fields.put("diststyle", distributionStyle);
      if (distributionKey != null) {
        fields.put("distkey", distributionKey);
      }
    }
    if (sortStyle != null) {
      fields.put("sortstyle", sortStyle);
      fields.put("sortkey", sortKey);
    }
    if (!encodings.isEmpty()) {
      fields.put("encode", encodings);
    }
    if (!renamed.isEmpty()) {
      fields.put("renamed", renamed);
    }
    if (fields.size() == 1) {
      return "";
    }
    try {
      // an asterisk or a slash in a column's name must not end the comment
      String json = JSON.writeValueAsString(fields).replace("*", "\\u002a").replace("/", "\\u002f");
      return " /*penstock" + json + "*/";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }
}
