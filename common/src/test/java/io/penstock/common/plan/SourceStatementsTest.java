package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.RedshiftSource.Rows;
import io.penstock.common.config.S3Access;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.SourceColumn;
import io.penstock.common.schema.TableName;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SourceStatementsTest {
  private static final SourceColumn ID = SourceColumn.of("Id", RedshiftType.of(Kind.BIGINT));
  private static final SourceColumn QUOTED = SourceColumn.of("a\"'b", RedshiftType.varchar(9));
  private static final List<SourceColumn> ALL =
      List.of(
          ID,
          QUOTED,
          SourceColumn.ofTime("at"),
          SourceColumn.of("bytes", RedshiftType.of(Kind.VARBYTE)));
  private static final SourceStatements TABLE =
      new SourceStatements(new Rows.Table(new TableName("Sales", "pro\"files")));
  private static final SourceStatements QUERY =
      new SourceStatements(
          new Rows.Query(" select * from t where n = 'it''s \\\\' -- the last line "));

  private static StoreLocation.Bucket folder(Encryption encryption) {
    S3Access plain = S3Access.standard("eu-west-1");
    return new StoreLocation.Bucket(
        "tmp",
        "unload/r1",
        new S3Access(
            plain.region(),
            null,
            false,
            plain.requestChecksums(),
            plain.credentials(),
            encryption));
  }

  @Test
  void selectsTheNeededColumnsAlone() {
    assertThat(TABLE.select(List.of(ID)).sql())
        .isEqualTo("SELECT \"id\" FROM \"sales\".\"pro\"\"files\"");
    assertThat(TABLE.select(ALL).sql())
        .isEqualTo(
            "SELECT \"id\", \"a\"\"'b\", CAST(\"at\" AS VARCHAR(32)) AS \"at\", \"bytes\""
                + " FROM \"sales\".\"pro\"\"files\"");
    assertThat(TABLE.selectFirst(List.of(), 1).sql())
        .isEqualTo("SELECT 1 FROM \"sales\".\"pro\"\"files\" LIMIT 1");
    assertThat(TABLE.describe().sql())
        .isEqualTo("SELECT * FROM \"sales\".\"pro\"\"files\" WHERE FALSE");
  }

  @Test
  void selectsFromAQueryWhateverItEndsWith() {
    assertThat(QUERY.select(List.of(ID)).sql())
        .isEqualTo(
            "SELECT \"id\" FROM (select * from t where n = 'it''s \\\\' -- the last line\n"
                + ") AS \"source\"");
  }

  /** Quotes and backslashes of the query are doubled once more within the literal of UNLOAD. */
  @Test
  void unloadsWithTheQueryInOneLiteral() {
    SqlStatement unload =
        QUERY.unload(
            List.of(ID, QUOTED),
            folder(new Encryption.None()),
            new CopyAuthorization.Keys("AK", "canary", Optional.of("canary")));

    assertThat(unload.sql())
        .isEqualTo(
            "UNLOAD ('SELECT \"id\", \"a\"\"''b\" FROM (select * from t where n = ''it''''s"
                + " \\\\\\\\'' -- the last line\n) AS \"source\"') TO 's3://tmp/unload/r1/'"
                + " ACCESS_KEY_ID 'AK' SECRET_ACCESS_KEY 'canary' SESSION_TOKEN 'canary' FORMAT AS"
                + " PARQUET MANIFEST VERBOSE MAXFILESIZE 128 MB REGION 'eu-west-1'");
    assertThat(unload.redacted()).doesNotContain("canary", "AK").contains("SESSION_TOKEN '***'");
  }

  @Test
  void unloadsWhatParquetDoesNotHoldAsText() {
    SqlStatement unload =
        TABLE.unload(
            ALL, folder(new Encryption.SseKms("k-1")), new CopyAuthorization.IamRole("arn:r"));

    assertThat(unload.sql())
        .contains("FROM_VARBYTE(\"bytes\", ''hex'') AS \"bytes\"")
        .contains("CAST(\"at\" AS VARCHAR(32)) AS \"at\"")
        .contains("IAM_ROLE 'arn:r'")
        .endsWith(" KMS_KEY_ID 'k-1' ENCRYPTED");
    assertThat(
            TABLE
                .unload(
                    ALL,
                    folder(new Encryption.SseKms(null)),
                    new CopyAuthorization.IamRole("arn:r"))
                .sql())
        .endsWith(" ENCRYPTED AUTO");
  }

  @Test
  void dividesByWhatHasAnOrder() {
    SourceRanges numbers = new SourceRanges(ID, List.of("0", "0", "7"));
    assertThat(numbers.size()).isEqualTo(3);
    assertThat(numbers.predicate(0)).isEqualTo("(\"id\" < CAST('0' AS BIGINT) OR \"id\" IS NULL)");
    assertThat(numbers.predicate(1))
        .isEqualTo("\"id\" >= CAST('0' AS BIGINT) AND \"id\" < CAST('7' AS BIGINT)");
    assertThat(numbers.predicate(2)).isEqualTo("\"id\" >= CAST('7' AS BIGINT)");
    assertThat(TABLE.countRanges(new SourceRanges(ID, List.of("0"))).sql())
        .isEqualTo(
            "SELECT CASE WHEN \"id\" IS NULL THEN 0 WHEN \"id\" < CAST('0' AS BIGINT) THEN 0 ELSE"
                + " 1 END AS \"range\", COUNT(*) FROM \"sales\".\"pro\"\"files\" GROUP BY 1");

    SourceColumn price = SourceColumn.of("p", RedshiftType.decimal(9, 2));
    assertThat(new SourceRanges(price, List.of("-1.50")).predicate(1))
        .isEqualTo("\"p\" >= CAST('-1.50' AS DECIMAL(9,2))");
    SourceColumn time = SourceColumn.of("t", RedshiftType.of(Kind.TIMESTAMPTZ));
    assertThat(new SourceRanges(time, List.of("2024-01-01 00:00:00+00")).predicate(1))
        .isEqualTo("\"t\" >= CAST('2024-01-01 00:00:00+00' AS TIMESTAMPTZ)");
    assertThat(new SourceRanges(ID, List.of()).predicate(0)).isEqualTo("TRUE");
    assertThat(SourceRanges.canDivide(QUOTED)).isFalse();
  }

  @Test
  void asksForLimitsBetweenWhichThereAreAsManyRows() {
    assertThat(TABLE.limits(ID, 4).sql())
        .isEqualTo(
            "SELECT CAST(MIN(\"id\") AS VARCHAR(64)) FROM (SELECT \"id\", NTILE(4) OVER (ORDER BY"
                + " \"id\") AS \"penstock_tile\" FROM \"sales\".\"pro\"\"files\" WHERE \"id\" IS"
                + " NOT NULL) AS \"tiles\" WHERE \"penstock_tile\" > 1 GROUP BY \"penstock_tile\""
                + " ORDER BY \"penstock_tile\"");
  }

  /** The server gives them or leaves them out as it likes. */
  @Test
  void blanksThatFillACharUpAreLeftOut() {
    SourceColumn code = SourceColumn.of("code", RedshiftType.character(3));

    assertThat(TABLE.select(List.of(code)).sql())
        .startsWith("SELECT RTRIM(\"code\") AS \"code\" FROM");
  }
}
