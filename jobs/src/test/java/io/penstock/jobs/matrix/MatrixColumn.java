package io.penstock.jobs.matrix;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One column of the matrix.
 *
 * @param type in the template's words
 * @param source its type in the source, as Spark DDL
 * @param values as a source row holds them, none of them NULL
 */
record MatrixColumn(String name, String type, String source, List<Object> values) {
  private static final ObjectMapper JSON =
      new ObjectMapper().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  /** The type without its length. */
  String kind() {
    int length = type.indexOf('(');
    return length < 0 ? type : type.substring(0, length);
  }

  boolean isNested() {
    return source.startsWith("struct");
  }

  /** What a judge read as text, as a value that equals {@link #value} where nothing was lost. */
  @Nullable Object parse(@Nullable String text) {
    if (text == null) {
      return null;
    }
    return switch (kind()) {
      case "smallint", "integer", "bigint" -> Long.valueOf(text);
      case "decimal" -> new BigDecimal(text);
      case "real" -> Float.valueOf(number(text));
      case "double" -> Double.valueOf(number(text));
      case "boolean" -> bool(text);
      case "date" -> LocalDate.parse(text);
      case "timestamp" -> LocalDateTime.parse(text.replace(' ', 'T'));
      case "timestamptz" ->
          LocalDateTime.parse(text.replaceFirst("\\+00(:00)?$", "").replace(' ', 'T'))
              .toInstant(ZoneOffset.UTC);
      case "varbyte" -> text.toLowerCase(Locale.ROOT);
      case "super" -> json(text);
      default -> text;
    };
  }

  private static String number(String text) {
    return switch (text.toLowerCase(Locale.ROOT)) {
      case "nan" -> "NaN";
      case "inf", "infinity" -> "Infinity";
      case "-inf", "-infinity" -> "-Infinity";
      default -> text;
    };
  }

  private static boolean bool(String text) {
    return switch (text) {
      case "true", "t" -> true;
      case "false", "f" -> false;
      default -> throw new IllegalArgumentException(text);
    };
  }

  private static Object json(String text) {
    try {
      return JSON.readTree(text);
    } catch (JsonProcessingException e) {
      throw new IllegalArgumentException(text, e);
    }
  }

  /** The value that must come back; NULL in the first row and where the column has no more. */
  @Nullable Object value(int row) {
    if (row == 0 || row > values.size()) {
      return null;
    }
    Object value = values.get(row - 1);
    if (value instanceof byte[] bytes) {
      return java.util.HexFormat.of().formatHex(bytes);
    }
    if (value instanceof Nested nested) {
      return json(nested.json());
    }
    if (kind().equals("super")) {
      return json(value.toString());
    }
    return value instanceof Short || value instanceof Integer
        ? Long.valueOf(((Number) value).longValue())
        : value;
  }

  /** A struct of the source, and the JSON it is. */
  record Nested(org.apache.spark.sql.Row row, String json) {}
}
