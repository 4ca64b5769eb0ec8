package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.text.TextDialect;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.QuoteMode;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Records and their lines, as commons-csv writes them. */
class RecordReaderTest {
  private static final OutputFormat CSV = new OutputFormat.Text("csv", TextDialect.csv());
  private static final List<Column> COLUMNS =
      List.of("a", "b\"", "c").stream()
          .map(name -> new Column(name, RedshiftType.varchar(100), true, false))
          .toList();

  @Test
  void findsWhatAnotherWriterWroteAndWhere() throws IOException {
    Random random = new Random(11);
    List<@Nullable String[]> rows = new ArrayList<>();
    StringBuilder csv = new StringBuilder();
    List<Long> firstLines = new ArrayList<>();
    CSVFormat format =
        CSVFormat.Builder.create().setRecordSeparator('\n').setQuoteMode(QuoteMode.MINIMAL).get();
    for (int i = 0; i < 3000; i++) {
      String[] row = {text(random), "x" + text(random), text(random)};
      firstLines.add(1 + csv.chars().filter(c -> c == '\n').count());
      format.printRecord(csv, (Object[]) row);
      rows.add(row);
    }
    byte[] bytes = csv.toString().getBytes(StandardCharsets.UTF_8);
    RecordReader reader = new RecordReader(new ByteArrayInputStream(bytes), true);

    for (int i = 0; i < rows.size(); i++) {
      assertThat(reader.next()).isTrue();
      JsonNode row = new ObjectMapper().readTree(StagedRow.json(reader.bytes(), CSV, COLUMNS));
      List<String> read = new ArrayList<>();
      COLUMNS.forEach(column -> read.add(row.get(column.name()).asText("")));
      assertThat(read).isEqualTo(Arrays.asList(rows.get(i)));
      assertThat(reader.firstLine()).isEqualTo(firstLines.get(i));
      assertThat(reader.lastLine())
          .isEqualTo(i + 1 < rows.size() ? firstLines.get(i + 1) - 1 : reader.lastLine());
    }
    assertThat(reader.next()).isFalse();
  }

  private static String text(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(random.nextInt(40) == 0 ? 9000 : 12); i > 0; i--) {
      text.append("ab\"',\r\n é😀".charAt(random.nextInt(9)));
    }
    return text.toString().replaceAll("[\\ud800-\\udfff]", "s");
  }

  @Test
  void quotesMeanNothingInLinesOfJson() throws IOException {
    byte[] bytes = "{\"a\":\"1\n{\"a\":2}".getBytes(StandardCharsets.UTF_8);
    RecordReader reader = new RecordReader(new ByteArrayInputStream(bytes), false);

    assertThat(reader.next()).isTrue();
    assertThat(reader.bytes()).asString(StandardCharsets.UTF_8).isEqualTo("{\"a\":\"1");
    assertThat(reader.next()).isTrue();
    assertThat(reader.lastLine()).isEqualTo(2);
    assertThat(StagedRow.json(reader.bytes(), new OutputFormat.Ndjson(), COLUMNS))
        .isEqualTo("{\"a\":2}");
    assertThat(reader.next()).isFalse();
  }

  @Test
  void theNullTextIsNull() {
    TextDialect csv = TextDialect.csv();
    byte[] record = (csv.nullText() + ",x,").getBytes(StandardCharsets.UTF_8);

    assertThat(StagedRow.json(record, CSV, COLUMNS)).startsWith("{\"a\":null,\"b\\\"\":\"x\"");
  }
}
