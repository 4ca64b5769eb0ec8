package io.penstock.jobs.report;

import java.util.ArrayList;
import java.util.List;

/** Rows of text under column names, aligned. */
public final class TextTable {
  private static final int WIDEST = 48;

  private TextTable() {}

  /** The lines of a table; cells longer than 48 characters are cut, line endings shown as ␤. */
  public static List<String> lines(List<String> header, List<List<String>> rows) {
    int[] widths = new int[header.size()];
    List<List<String>> shown = new ArrayList<>();
    shown.add(header);
    rows.forEach(row -> shown.add(row.stream().map(TextTable::cell).toList()));
    for (List<String> row : shown) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], row.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    shown.forEach(row -> lines.add(line(row, widths)));
    List<String> rule = new ArrayList<>();
    for (int width : widths) {
      rule.add("-".repeat(width));
    }
    lines.add(1, String.join("  ", rule));
    return lines;
  }

  private static String cell(String text) {
    String oneLine = text.replace("\r\n", "␤").replace('\n', '␤').replace('\r', '␤');
    return oneLine.length() <= WIDEST ? oneLine : oneLine.substring(0, WIDEST - 1) + "…";
  }

  private static String line(List<String> row, int[] widths) {
    StringBuilder line = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      line.append(i == 0 ? "" : "  ").append(row.get(i));
      line.append(" ".repeat(widths[i] - row.get(i).length()));
    }
    return line.toString().stripTrailing();
  }
}
