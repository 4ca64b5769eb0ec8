package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.OutputFormat;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.LineEnding;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.spark.sql.catalyst.InternalRow;
import org.apache.spark.sql.catalyst.expressions.GenericInternalRow;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.unsafe.types.UTF8String;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Apache Commons CSV is the judge. */
class TextQuotingTest {
  private static final char[] DELIMITERS = {',', '\t', '|', ';', '¦'};
  private static final char[] QUOTES = {'"', '\''};
  private static final String[] NULLS = {"", "\\N", "NULL"};
  private static final String[] PIECES = {
    "a",
    "Z",
    "0",
    " ",
    "\t",
    ",",
    ";",
    "|",
    "\"",
    "'",
    "\\",
    "\n",
    "\r",
    "#",
    "!",
    "=",
    "-",
    "é",
    "§",
    "¦",
    "漢",
    "😀",
    "plain text of some length",
    "NULL",
    "N"
  };

  @Test
  void writesTheBytesThatCommonsCsvWrites() throws IOException {
    Random random = new Random(20_26);
    for (int round = 0; round < 4000; round++) {
      TextDialect dialect = dialect(random);
      List<@Nullable Object[]> rows = rows(random, dialect.nullText());
      assertThat(ours(dialect, rows)).as("%s", dialect).isEqualTo(theirs(dialect, rows));
    }
  }

  private static TextDialect dialect(Random random) {
    QuoteMode mode = any(random, QuoteMode.values());
    boolean escaped = mode == QuoteMode.NONE || random.nextBoolean();
    return new TextDialect(
        DELIMITERS[random.nextInt(DELIMITERS.length)],
        random.nextBoolean(),
        QUOTES[random.nextInt(QUOTES.length)],
        escaped ? '\\' : null,
        mode,
        any(random, LineEnding.values()),
        NULLS[random.nextInt(NULLS.length)],
        null,
        null,
        "UTF-8",
        false,
        false,
        false);
  }

  private static <T> T any(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }

  private static List<@Nullable Object[]> rows(Random random, String nullText) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      rows.add(
          new Object[] {
            random.nextInt(5) == 0 ? null : text(random, nullText),
            random.nextInt(5) == 0 ? null : random.nextLong() >> random.nextInt(64),
            random.nextInt(5) == 0 ? null : text(random, nullText)
          });
    }
    return rows;
  }

  /** Never what stands for NULL: there this writer is stricter than the judge. */
  private static String text(Random random, String nullText) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      text.append(PIECES[random.nextInt(PIECES.length)]);
    }
    return text.toString().equals(nullText) && !nullText.isEmpty() ? "other" : text.toString();
  }

  private static String theirs(TextDialect dialect, List<@Nullable Object[]> rows)
      throws IOException {
    CSVFormat format =
        CSVFormat.Builder.create()
            .setDelimiter(dialect.delimiter())
            .setQuote(dialect.quote())
            .setEscape(dialect.escape())
            .setQuoteMode(org.apache.commons.csv.QuoteMode.valueOf(dialect.quoteMode().name()))
            .setRecordSeparator(dialect.lineEnding().text())
            .setNullString(dialect.nullText())
            .get();
    StringBuilder out = new StringBuilder();
    if (dialect.header()) {
      format.printRecord(out, "first", "number", "last");
    }
    for (@Nullable Object[] row : rows) {
      format.printRecord(out, row);
    }
    return out.toString();
  }

  private static String ours(TextDialect dialect, List<@Nullable Object[]> rows)
      throws IOException {
    StructType type =
        new StructType()
            .add("first", DataTypes.StringType)
            .add("number", DataTypes.LongType)
            .add("last", DataTypes.StringType);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    OutputFormat.Text format = new OutputFormat.Text("csv", dialect);
    StructType records = new StructType().add("record", DataTypes.StringType);
    FileSchema schema = new FileSchema(records, type, List.of(), null);
    RecordForm form = new RecordForm.Recipe(format, type, false).open();
    ByteSink sink = new ByteSink();
    try (RowEncoder encoder = Encoders.of(format, schema).open(out, "file.csv")) {
      for (@Nullable Object[] row : rows) {
        form.put(internal(row), sink);
        encoder.write(new GenericInternalRow(new Object[] {sink.text()}));
      }
      encoder.finish();
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  private static InternalRow internal(@Nullable Object[] row) {
    @Nullable Object[] values = new Object[row.length];
    for (int i = 0; i < row.length; i++) {
      values[i] = row[i] instanceof String text ? UTF8String.fromString(text) : row[i];
    }
    return new GenericInternalRow(values);
  }

  private static String one(TextDialect dialect, @Nullable Object text) throws IOException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[] {text, 0L, null});
    return ours(dialect, rows).lines().skip(1).findFirst().orElseThrow();
  }

  @Test
  void textThatReadsAsNullIsQuotedWhereQuotesTellThemApart() throws IOException {
    assertThat(one(Plans.dialect(',', QuoteMode.MINIMAL, "NULL"), "NULL"))
        .isEqualTo("\"NULL\",0,NULL");
    assertThat(one(Plans.dialect(',', QuoteMode.ALL_NON_NULL, "NULL"), "NULL"))
        .isEqualTo("\"NULL\",\"0\",NULL");
  }

  @Test
  void valuesThatReadAsNullAreRefusedWhereNothingTellsThemApart() {
    assertRefused(Plans.dialect(',', QuoteMode.ALL, "NULL"), "NULL", "first");
    assertRefused(Plans.dialect(',', QuoteMode.NONE, "NULL"), "NULL", "first");
    assertRefused(Plans.dialect(',', QuoteMode.MINIMAL, "0"), "x", "number");
    assertRefused(Plans.dialect(',', QuoteMode.ALL, "0"), "x", "number");
  }

  @ParameterizedTest
  @ValueSource(strings = {"a,b", "a\nb", "a\rb"})
  void textThatNothingProtectsIsRefused(String text) {
    assertRefused(Plans.dialect(',', QuoteMode.NONE, ""), text, "first");
  }

  @Test
  void bytesThatAreNotUtf8AreRefused() {
    byte[][] invalid = {
      {'a', (byte) 0x80},
      {(byte) 0xC0, (byte) 0x80},
      {(byte) 0xED, (byte) 0xA0, (byte) 0x80},
      {(byte) 0xF4, (byte) 0x90, (byte) 0x80, (byte) 0x80},
      {(byte) 0xE2, (byte) 0x82},
      {'1', '2', '3', '4', '5', '6', '7', '8', (byte) 0xFF}
    };
    for (byte[] bytes : invalid) {
      assertRefused(Plans.CSV, UTF8String.fromBytes(bytes), "first");
    }
  }

  @Test
  void guardedCellsDoNotStartAsFormulas() throws IOException {
    TextDialect guarded =
        new TextDialect(
            ',',
            true,
            '"',
            null,
            QuoteMode.MINIMAL,
            LineEnding.LF,
            "",
            null,
            null,
            "UTF-8",
            false,
            true,
            false);
    assertThat(one(guarded, "=1+1")).isEqualTo("'=1+1,0,");
    assertThat(one(guarded, "@a,b")).isEqualTo("\"'@a,b\",0,");
    assertThat(one(guarded, "a=1")).isEqualTo("a=1,0,");
  }

  private static void assertRefused(TextDialect dialect, Object text, String column) {
    assertThatThrownBy(() -> one(dialect, text))
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_VALUE_REFUSED);
              assertThat(e.problem()).contains("\"" + column + "\"");
              assertThat(e).hasNoCause();
            });
  }
}
