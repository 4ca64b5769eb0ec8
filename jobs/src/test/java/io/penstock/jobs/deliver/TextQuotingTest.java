package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.LineEnding;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
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
  private static final String[] NULLS = {"", "\\N", "NULL", "@NULL@", "-", " "};
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
    for (int round = 0; round < 6000; round++) {
      TextDialect dialect = dialect(random);
      List<@Nullable Object[]> rows = rows(random, dialect.nullText());
      boolean numbered = random.nextBoolean();
      assertThat(ours(dialect, rows, numbered))
          .as("%s, numbered: %s", dialect, numbered)
          .isEqualTo(theirs(dialect, rows, numbered));
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

  private static String theirs(TextDialect dialect, List<@Nullable Object[]> rows, boolean numbered)
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
      format.printRecord(out, numbered(numbered, "row", "first", "number", "last"));
    }
    long number = 0;
    for (@Nullable Object[] row : rows) {
      number++;
      format.printRecord(out, numbered(numbered, number, row));
    }
    return out.toString();
  }

  private static @Nullable Object[] numbered(
      boolean numbered, Object number, @Nullable Object... values) {
    return numbered ? Stream.concat(Stream.of(number), Arrays.stream(values)).toArray() : values;
  }

  private static String ours(TextDialect dialect, List<@Nullable Object[]> rows, boolean numbered)
      throws IOException {
    StructType type =
        new StructType()
            .add("first", DataTypes.StringType)
            .add("number", DataTypes.LongType)
            .add("last", DataTypes.StringType);
    byte[] file = TextFiles.write(dialect, type, rows, numbered ? "row" : null);
    return new String(file, StandardCharsets.UTF_8);
  }

  private static String one(TextDialect dialect, @Nullable Object text) throws IOException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new @Nullable Object[] {text, 0L, null});
    return ours(dialect, rows, false).lines().skip(1).findFirst().orElseThrow();
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
