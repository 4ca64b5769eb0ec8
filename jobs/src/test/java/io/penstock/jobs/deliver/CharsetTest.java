package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.text.TextDialect;
import io.penstock.common.text.TextDialect.LineEnding;
import io.penstock.common.text.TextDialect.QuoteMode;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A file in another charset is the file in UTF-8, decoded and encoded by the JDK. */
class CharsetTest {
  private static final StructType COLUMNS =
      new StructType()
          .add("first", DataTypes.StringType)
          .add("day", DataTypes.DateType)
          .add("last", DataTypes.StringType);

  private static final int LAST_CODE_POINT = 0x2FFFF;

  private static TextDialect dialect(String charset, QuoteMode mode, boolean mark) {
    return new TextDialect(
        ',',
        true,
        '"',
        mode == QuoteMode.NONE ? '\\' : null,
        mode,
        LineEnding.CRLF,
        "",
        "yyyy/MM/dd",
        null,
        charset,
        mark,
        false,
        false);
  }

  private static byte[] file(TextDialect dialect, List<@Nullable Object[]> rows)
      throws IOException {
    return TextFiles.write(dialect, COLUMNS, rows, "row");
  }

  /** Characters of the charset in texts short and long, the longest beyond any buffer. */
  private static List<@Nullable Object[]> rows(Charset charset, Random random) {
    List<String> characters = new ArrayList<>();
    while (characters.size() < 300) {
      int c = random.nextInt(characters.size() < 150 ? 256 : LAST_CODE_POINT);
      String text = c == 0 || (c >= 0xD800 && c < 0xE000) ? "," : Character.toString(c);
      boolean kept = new String(text.getBytes(charset), charset).equals(text);
      characters.add(kept ? text : "\"");
    }
    List<@Nullable Object[]> rows = new ArrayList<>();
    for (int length : new int[] {0, 1, 2, 7, 8, 9, 100, 16_383, 16_384, 70_000}) {
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < length; i++) {
        text.append(characters.get(random.nextInt(characters.size())));
      }
      rows.add(new Object[] {text.toString(), random.nextInt(20_000), null});
      rows.add(new Object[] {null, null, text.reverse().toString()});
    }
    return rows;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ISO-8859-1",
        "windows-1252",
        "UTF-16LE",
        "UTF-16BE",
        "UTF-32LE",
        "Shift_JIS",
        "GB18030",
        "Big5",
        "EUC-KR",
        "KOI8-U",
        "IBM037",
        "US-ASCII"
      })
  void theFileDecodesToTheFileInUtf8(String charset) throws IOException {
    Random random = new Random(7);
    for (QuoteMode mode : QuoteMode.values()) {
      List<@Nullable Object[]> rows = rows(Charset.forName(charset), random);
      byte[] there = file(dialect(charset, mode, false), rows);
      byte[] here = file(dialect("UTF-8", mode, false), rows);
      assertThat(new String(there, Charset.forName(charset)))
          .as("%s %s", charset, mode)
          .isEqualTo(new String(here, StandardCharsets.UTF_8));
    }
  }

  @ParameterizedTest
  @CsvSource({"UTF-8,EFBBBF", "UTF-16LE,FFFE", "UTF-16BE,FEFF", "UTF-32LE,FFFE0000"})
  void aMarkIsTheFirstOfAFileAndNowhereElse(String charset, String mark) throws IOException {
    List<@Nullable Object[]> rows = new ArrayList<>();
    rows.add(new Object[] {"a", 0, "\u00e9"});
    byte[] with = file(dialect(charset, QuoteMode.MINIMAL, true), rows);
    byte[] without = file(dialect(charset, QuoteMode.MINIMAL, false), rows);
    assertThat(with).startsWith(java.util.HexFormat.of().parseHex(mark));
    assertThat(with).endsWith(without).hasSize(without.length + mark.length() / 2);
    assertThat(new String(without, Charset.forName(charset)))
        .isEqualTo("row,first,day,last\r\n1,a,1970/01/01,\u00e9\r\n");
    assertThat(file(dialect(charset, QuoteMode.MINIMAL, true), List.of()))
        .startsWith(java.util.HexFormat.of().parseHex(mark));
  }

  @ParameterizedTest
  @CsvSource({
    "ISO-8859-1,\u20ac",
    "windows-1252,\u6f22",
    "Shift_JIS,\u00e9",
    "US-ASCII,\u00e9",
    "KOI8-U,\uD83D\uDE00"
  })
  void aCharacterThatTheCharsetLacksIsRefused(String charset, String lacking) {
    for (QuoteMode mode : QuoteMode.values()) {
      for (String text : List.of(lacking, "a" + lacking, "eight or more, " + lacking + "\"")) {
        List<@Nullable Object[]> rows = new ArrayList<>();
        rows.add(new Object[] {"fine", 0, text});
        assertRefused(() -> file(dialect(charset, mode, false), rows), "last", charset);
      }
    }
  }

  @Test
  void aColumnWhoseNameTheCharsetLacksIsRefused() {
    StructType columns = new StructType().add("\u6f22", DataTypes.StringType);
    assertRefused(
        () ->
            TextFiles.write(
                dialect("ISO-8859-1", QuoteMode.MINIMAL, false), columns, List.of(), null),
        "\u6f22",
        "ISO-8859-1");
  }

  private static void assertRefused(ThrowingCallable write, String column, String charset) {
    assertThatThrownBy(write)
        .isInstanceOfSatisfying(
            PenstockException.class,
            e -> {
              assertThat(e.code()).isEqualTo(ErrorCode.DELIVERY_VALUE_REFUSED);
              assertThat(e.problem()).contains("\"" + column + "\"");
              assertThat(e.reason()).contains(charset);
            });
  }
}
