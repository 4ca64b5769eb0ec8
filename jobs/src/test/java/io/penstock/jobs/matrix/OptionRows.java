package io.penstock.jobs.matrix;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rows that every combination of options delivers, as far as its charset has them. */
enum OptionRows {
  /** Everything that text can be. */
  WIDE("é 漢 😀", List.of("GB", "São/Tomé 1=2%"), List.of("north", "sü d/ost..")),

  /** Characters that have a place in every charset, and not the same. */
  NARROW("±×÷", List.of("GB", "D E/=%±"), List.of("north", "±x")),

  /** As {@link #NARROW}, and without anything that a dialect without quotes and escapes lacks. */
  TAME("±×÷", List.of("GB", "D E/=%±"), List.of("north", "±x"));

  static final String NULL_TEXT = "@NULL@";
  static final String DATE_FORMAT = "dd.MM.yyyy";
  static final String TIME_FORMAT = "yyyy/MM/dd HH:mm:ss.SSSSSS";
  static final int MOST_ROWS = 7;

  private static final int ROWS = 50;

  private static final List<String> TAME_TEXTS =
      List.of(
          "", "plain", " blanks ", "it is", "\\", "\\N", "=1+1", "+1", "-1", "@x", "NULL", "#x");

  private static final List<String> SPECIAL_TEXTS =
      List.of(
          "a,b",
          ",",
          "a;b",
          "a|b",
          "a\tb",
          "\ttab",
          "\"",
          "say \"hi\"",
          "\"\"",
          "it's",
          "'",
          "a\nb",
          "a\rb",
          "a\r\nb",
          "\n",
          "\r",
          "\\\"",
          "\\n",
          "ends in \\",
          "\u0001\u001f",
          "null",
          "[1]");

  private static final List<String> WIDE_TEXTS =
      List.of(
          "漢字",
          "👩‍👩‍👧",
          "שלום, עולם",
          "e\u0301",
          "\uFEFFmark",
          "\u0085\u2028",
          "\u00a0",
          "x".repeat(300));

  private final String sample;
  private final List<String> countries;
  private final List<String> groups;

  OptionRows(String sample, List<String> countries, List<String> groups) {
    this.sample = sample;
    this.countries = countries;
    this.groups = groups;
  }

  static OptionRows of(Combination options) {
    if (options.has("quoting", "none-bare")) {
      return TAME;
    }
    return options.sets("charset") && !options.has("charset", "UTF-16LE") ? NARROW : WIDE;
  }

  /** A row as it went in. */
  record SourceRow(
      int id,
      @Nullable String note,
      @Nullable String team,
      @Nullable String country,
      @Nullable Boolean flag,
      @Nullable BigDecimal amount,
      @Nullable LocalDate born,
      @Nullable LocalDateTime seen) {}

  static final List<String> COLUMNS =
      List.of("id", "note", "team", "country", "flag", "amount", "born", "seen");

  static final String TEMPLATE =
      """
      sources { rows { format = json, path = "%s.ndjson", schema = "id INT, note STRING, team STRING, country STRING, flag BOOLEAN, amount STRING, born STRING, seen STRING" } }
      template { columns = [
        { name = "id", from = "id", type = "integer", nullable = false }
        { name = "note", from = "note", type = "varchar(400)" }
        { name = "team", from = "team", type = "varchar(40)" }
        { name = "country", from = "country", type = "varchar(40)" }
        { name = "flag", from = "flag", type = "boolean" }
        { name = "amount", from = "amount", type = "decimal(12,2)" }
        { name = "born", from = "born", type = "date" }
        { name = "seen", from = "seen", type = "timestamp" }
      ] }
      """;

  /** But for NULL. */
  List<String> groups() {
    return groups;
  }

  private List<String> texts() {
    List<String> texts = new ArrayList<>(TAME_TEXTS);
    texts.add(sample);
    if (this != TAME) {
      texts.addAll(SPECIAL_TEXTS);
    }
    if (this == WIDE) {
      texts.addAll(WIDE_TEXTS);
    }
    return texts;
  }

  List<SourceRow> rows() {
    List<String> texts = texts();
    LocalDateTime start = LocalDateTime.of(1582, 10, 10, 23, 59, 59);
    List<SourceRow> rows = new ArrayList<>();
    for (int i = 0; i < ROWS; i++) {
      rows.add(
          new SourceRow(
              i,
              i % 17 == 16 ? null : texts.get(i % texts.size()),
              one(groups, i % 3),
              one(countries, i / 2 % 3),
              i % 4 == 3 ? null : i % 4 == 0,
              i % 9 == 8 ? null : BigDecimal.valueOf(i * 7919L * (i % 2 == 0 ? 1 : -1), 2),
              i % 7 == 6 ? null : LocalDate.of(1, 1, 1).plusDays(i * 14_600L),
              i % 5 == 4
                  ? null
                  : start.plusDays(i * 999L).plus(i % 2 * 123_450L, ChronoUnit.MICROS)));
    }
    return rows;
  }

  private static @Nullable String one(List<String> values, int at) {
    return at < values.size() ? values.get(at) : null;
  }

  void write(Path directory) throws IOException {
    ObjectMapper json = new ObjectMapper();
    List<String> lines = new ArrayList<>();
    for (SourceRow row : rows()) {
      ObjectNode line = json.createObjectNode();
      line.put("id", row.id()).put("note", row.note()).put("team", row.team());
      line.put("country", row.country()).put("flag", row.flag());
      line.put("amount", text(row.amount())).put("born", text(row.born()));
      line.put("seen", text(row.seen()));
      lines.add(line.toString());
    }
    Files.write(directory.resolve(name() + ".ndjson"), lines, StandardCharsets.UTF_8);
  }

  private static @Nullable String text(@Nullable Object value) {
    return value == null ? null : value.toString();
  }
}
