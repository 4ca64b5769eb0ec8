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
  void dividesByWholeNumbersDatesAndTimestamps() {
    SourceRanges numbers = SourceRanges.of(ID, -10, 9, 2);
    assertThat(numbers.predicate(0)).isEqualTo("(\"id\" < 0 OR \"id\" IS NULL)");
    assertThat(numbers.predicate(1)).isEqualTo("\"id\" >= 0");
    assertThat(TABLE.countRanges(numbers).sql())
        .isEqualTo(
            "SELECT CASE WHEN \"id\" IS NULL THEN 0 WHEN \"id\" < 0 THEN 0 ELSE 1 END AS"
                + " \"range\", COUNT(*) FROM \"sales\".\"pro\"\"files\" GROUP BY 1");

    SourceColumn day = SourceColumn.of("d", RedshiftType.of(Kind.DATE));
    assertThat(SourceRanges.of(day, 0, 2, 3).predicate(1))
        .isEqualTo("\"d\" >= CAST('1970-01-02' AS DATE) AND \"d\" < CAST('1970-01-03' AS DATE)");
    SourceColumn time = SourceColumn.of("t", RedshiftType.of(Kind.TIMESTAMP));
    assertThat(SourceRanges.of(time, -2, 1, 2).predicate(1))
        .isEqualTo("\"t\" >= CAST('1970-01-01 00:00' AS TIMESTAMP)");
  }

  @Test
  void makesNoMoreRangesThanThereAreValuesAndCoversAllOfThem() {
    assertThat(SourceRanges.of(ID, 5, 7, 100).size()).isEqualTo(3);
    assertThat(SourceRanges.of(ID, 5, 5, 100).predicate(0)).isEqualTo("TRUE");
    SourceRanges widest = SourceRanges.of(ID, Long.MIN_VALUE, Long.MAX_VALUE, 4);
    assertThat(widest.size()).isEqualTo(4);
    assertThat(widest.predicate(1)).isEqualTo("\"id\" >= -4611686018427387904 AND \"id\" < 0");
    assertThat(SourceRanges.canDivide(QUOTED)).isFalse();
  }
}
