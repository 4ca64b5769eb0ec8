package io.penstock.jobs.matrix;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.assertj.core.api.SoftAssertions;
import org.jspecify.annotations.Nullable;

/** What a judge read: the text of each column, or null for NULL, by the row's id. */
final class ReadBack {
  private final String judge;
  private final List<MatrixColumn> columns;
  private final Map<Integer, List<@Nullable String>> rows = new TreeMap<>();

  ReadBack(String judge, List<MatrixColumn> columns) {
    this.judge = judge;
    this.columns = columns;
  }

  List<MatrixColumn> columns() {
    return columns;
  }

  /**
   * @param values in the order of the columns
   */
  void add(int id, List<@Nullable String> values) {
    if (rows.put(id, values) != null) {
      throw new IllegalStateException(judge + " read row " + id + " twice");
    }
  }

  /** How a value that came back is compared; both are of the column's kind or NULL. */
  @FunctionalInterface
  interface Comparison {
    boolean same(MatrixColumn column, @Nullable Object expected, @Nullable Object actual);

    Comparison EXACT = (column, expected, actual) -> Objects.equals(expected, actual);
  }

  void verify(SoftAssertions softly, Comparison comparison) {
    softly.assertThat(rows).as("%s: rows", judge).hasSize(TypeMatrix.rows());
    rows.forEach(
        (id, values) -> {
          for (int at = 0; at < columns.size(); at++) {
            verify(softly, comparison, id, columns.get(at), values.get(at));
          }
        });
  }

  private void verify(
      SoftAssertions softly,
      Comparison comparison,
      int id,
      MatrixColumn column,
      @Nullable String text) {
    Object expected = column.value(id);
    try {
      Object actual = column.parse(text);
      if (!comparison.same(column, expected, actual)) {
        softly
            .assertThat(shown(actual))
            .as("%s: row %d of %s", judge, id, column.name())
            .isEqualTo(shown(expected));
      }
    } catch (RuntimeException e) {
      softly.fail("%s: row %d of %s was read as %s", judge, id, column.name(), shown(text));
    }
  }

  /** Escaped, so that differences between characters that look alike can be seen. */
  private static @Nullable String shown(@Nullable Object value) {
    if (value == null) {
      return null;
    }
    StringBuilder shown = new StringBuilder();
    List<Integer> characters = new ArrayList<>();
    String text = value.toString();
    text.substring(0, Math.min(text.length(), 300)).codePoints().forEach(characters::add);
    for (int c : characters) {
      shown.append(c >= ' ' && c < 127 ? Character.toString(c) : "\\u{%x}".formatted(c));
    }
    return shown.toString();
  }
}
