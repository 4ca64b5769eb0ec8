package io.penstock.jobs.matrix;

import io.penstock.jobs.matrix.OptionRows.SourceRow;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What must come back of a source row from files that were made with some options. */
record OptionModel(Combination options) {
  private static final DateTimeFormatter WHOLE_SECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  boolean isText() {
    return !options.has("format", "json", "ndjson", "avro", "parquet");
  }

  /** A timestamp in the form that text and JSON have by default. */
  static String time(LocalDateTime time) {
    return (time.getNano() == 0 ? WHOLE_SECONDS : MICROSECONDS).format(time);
  }

  List<SourceRow> rows() {
    return OptionRows.of(options).rows();
  }

  /** All columns, also those that are in the names of folders. */
  Map<String, @Nullable String> expected(SourceRow row) {
    Map<String, @Nullable String> expected = new LinkedHashMap<>();
    expected.put("id", String.valueOf(row.id()));
    expected.put("note", text(row.note()));
    expected.put("team", text(row.team()));
    expected.put("country", options.sets("partition") ? row.country() : text(row.country()));
    expected.put("flag", row.flag() == null ? null : row.flag().toString());
    expected.put("amount", row.amount() == null ? null : row.amount().toPlainString());
    expected.put("born", row.born() == null ? null : date(row));
    expected.put("seen", row.seen() == null ? null : seen(row.seen()));
    return expected;
  }

  private @Nullable String text(@Nullable String value) {
    if (value == null || value.isEmpty()) {
      return value != null && mergesEmptyText() ? null : value;
    }
    boolean formula = "=+-@\t\r".indexOf(value.charAt(0)) >= 0;
    return options.sets("guard") && formula ? "'" + value : value;
  }

  /** Whether these files tell NULL and empty text apart; docs/s3.md, "NULL and empty text". */
  private boolean mergesEmptyText() {
    return isText()
        && !options.sets("null")
        && !options.has("quoting", "all-non-null", "non-numeric");
  }

  private String date(SourceRow row) {
    return options.sets("date-format")
        ? DateTimeFormatter.ofPattern(OptionRows.DATE_FORMAT, Locale.ROOT).format(row.born())
        : String.valueOf(row.born());
  }

  private String seen(LocalDateTime time) {
    return options.sets("timestamp-format")
        ? DateTimeFormatter.ofPattern(OptionRows.TIME_FORMAT, Locale.ROOT).format(time)
        : time(time);
  }
}
