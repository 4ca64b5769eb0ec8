package io.penstock.jobs.app;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A keyword that columns are searched by: part of their names, or a pattern for whole names in
 * which {@code *} and {@code ?} stand for any characters and any one. Upper and lower case are the
 * same.
 */
record ColumnSearch(String keyword) {
  private static final String ANY = "*";

  /** Finds every column. */
  static ColumnSearch all() {
    return new ColumnSearch(ANY);
  }

  /**
   * The names that it finds, in their order.
   *
   * @throws PenstockException {@code USAGE} where there are none
   */
  List<String> among(List<String> names) {
    Pattern pattern = pattern();
    List<String> found = names.stream().filter(name -> pattern.matcher(name).matches()).toList();
    if (found.isEmpty() && !names.isEmpty()) {
      throw PenstockException.of(
          ErrorCode.USAGE,
          "--columns " + keyword + " finds no column",
          "the columns are " + String.join(", ", names),
          "write a part of a name, or a pattern such as *_id");
    }
    return found;
  }

  private Pattern pattern() {
    String searched =
        keyword.contains(ANY) || keyword.contains("?") ? keyword : ANY + keyword + ANY;
    StringBuilder regex = new StringBuilder();
    for (char c : searched.toLowerCase(Locale.ROOT).toCharArray()) {
      regex.append(c == '*' ? ".*" : c == '?' ? "." : Pattern.quote(String.valueOf(c)));
    }
    return Pattern.compile(
        regex.toString(), Pattern.CASE_INSENSITIVE | Pattern.UNICODE_CASE | Pattern.DOTALL);
  }
}
