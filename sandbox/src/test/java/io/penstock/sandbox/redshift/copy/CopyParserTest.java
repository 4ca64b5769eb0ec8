package io.penstock.sandbox.redshift.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.redshift.SqlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CopyParserTest {
  private static final String ROLE = " IAM_ROLE 'arn:aws:iam::123456789012:role/copy' ";

  @Test
  void optionsComeInAnyOrderAndCase() throws SqlError {
    CopyStatement copy =
        CopyParser.parse(
            """
            copy "Public"."T1" ("Id", name) from 's3://bucket/a/b' -- where
            maxerror as 7 null '@NULL@' csv quote as '''' iam_role default gzip
            /* how */ ignoreheader 1 Manifest delimiter '\\t' REGION AS 'us-east-1' compupdate off;
            """);
    assertThat(copy.schema()).isEqualTo("public");
    assertThat(copy.table()).isEqualTo("t1");
    assertThat(copy.columns()).containsExactly("id", "name");
    assertThat(copy.source()).isEqualTo(new S3Location("bucket", "a/b"));
    assertThat(copy.format())
        .isEqualTo(new CopyFormat.Delimited(true, (byte) '\t', (byte) '\'', false, false));
    assertThat(copy.compression()).isEqualTo(Compression.GZIP);
    assertThat(copy.manifest()).isTrue();
    assertThat(copy.maxErrors()).isEqualTo(7);
    assertThat(copy.region()).isEqualTo("us-east-1");
    assertThat(copy.conversion().nullString()).asString().isEqualTo("@NULL@");
    assertThat(copy.conversion().headerLines()).isEqualTo(1);
    assertThat(copy.authorization()).isEqualTo(new Authorization.DefaultRole());
  }

  /** The statements of the spark-redshift connector 6.6.1. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "AVRO 'auto'  manifest REGION 'us-east-1' ",
        "CSV NULL AS '@NULL@'  manifest REGION 'us-east-1' ",
        "CSV GZIP NULL AS '@NULL@'  manifest REGION 'us-east-1' ",
        "PARQUET SERIALIZETOJSON manifest  "
      })
  void theConnectorsStatementsAreUnderstood(String format) throws SqlError {
    CopyStatement copy =
        CopyParser.parse(
            "COPY \"public\".\"t1\" (\"id\",\"name\") FROM 's3://bucket/tmp/manifest.json' FORMAT"
                + " AS "
                + format
                + " CREDENTIALS 'aws_access_key_id=AK;aws_secret_access_key=SK;token=TK'");
    assertThat(copy.manifest()).isTrue();
    assertThat(copy.authorization()).isEqualTo(new Authorization.Keys("AK", "SK", "TK"));
    assertThat(copy.toString()).doesNotContain("SK").doesNotContain("TK");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "CSV ESCAPE; 42601; CSV cannot be used with ESCAPE",
        "CSV REMOVEQUOTES; 42601; CSV cannot be used with REMOVEQUOTES",
        "CSV JSON 'auto'; 42601; conflicting or redundant options",
        "GZIP ZSTD; 42601; conflicting or redundant options",
        "CSV CSV; 42601; conflicting or redundant options",
        "PARQUET MAXERROR 3; 0A000; MAXERROR argument is not supported for PARQUET based COPY",
        "PARQUET GZIP; 0A000; GZIP argument is not supported for PARQUET based COPY",
        "CSV SERIALIZETOJSON; 0A000; SERIALIZETOJSON is only supported for PARQUET based COPY",
        "FIXEDWIDTH 'a:1'; 0A000; COPY option FIXEDWIDTH is not supported by the sandbox",
        "FORMAT ORC; 0A000; COPY option ORC is not supported by the sandbox",
        "FORMAT AS SHAPEFILE; 0A000; COPY option SHAPEFILE is not supported by the sandbox",
        "ENCRYPTED; 0A000; COPY option ENCRYPTED is not supported by the sandbox",
        "SSH; 0A000; COPY option SSH is not supported by the sandbox",
        "LZOP; 0A000; COPY option LZOP is not supported by the sandbox",
        "FORMAT AS XML; 42601; syntax error at or near \"XML\"",
        "CVS; 42601; syntax error at or near \"CVS\"",
        "DELIMITER; 42601; syntax error at end of input",
        "DELIMITER 'ab'; 22023; COPY delimiter must be a single character",
        "QUOTE 'x'; 42601; QUOTE can be used only with CSV",
        "MAXERROR 100001; 22023; MAXERROR must be between 0 and 100000",
        "ENCODING EBCDIC; 22023; Unrecognized encoding \"EBCDIC\"",
        "JSON 'some'; 22023; Invalid JSONPaths option: 'some'",
        "ACCEPTINVCHARS 'ab'; 22023; The ACCEPTINVCHARS replacement must be one ASCII character",
        "CSV 'x'; 42601; syntax error at or near \"'x'\""
      })
  void whatDoesNotFitIsRefused(String options, String state, String message) {
    assertThatThrownBy(() -> CopyParser.parse("COPY t FROM 's3://b/k'" + ROLE + options))
        .isInstanceOf(SqlError.class)
        .hasMessage(message)
        .extracting("sqlState")
        .isEqualTo(state);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '#',
      value = {
        "''|Authorization is missing",
        "IAM_ROLE 'arn:aws:iam::12:role/x'|Invalid IAM role",
        "IAM_ROLE 'my-role'|Invalid IAM role",
        "CREDENTIALS 'aws_access_key_id=AK'|Invalid credentials",
        "CREDENTIALS 'user=x;password=y'|Invalid credentials",
        "ACCESS_KEY_ID 'AK'|Invalid credentials",
        "CREDENTIALS 'aws_access_key_id=A;aws_secret_access_key=B;master_symmetric_key=C'|Client-side"
      })
  void authorizationIsChecked(String authorization, String message) {
    String given = authorization.equals("''") ? "" : authorization;
    assertThatThrownBy(() -> CopyParser.parse("COPY t FROM 's3://b/k' " + given))
        .isInstanceOf(SqlError.class)
        .hasMessageStartingWith(message);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WITH CREDENTIALS AS 'aws_access_key_id=A;aws_secret_access_key=B;token=C'",
        "CREDENTIALS 'aws_access_key_id=A;aws_secret_access_key=B;token=C'",
        "ACCESS_KEY_ID 'A' CSV SECRET_ACCESS_KEY AS 'B' SESSION_TOKEN 'C'"
      })
  void keysComeInSeveralForms(String authorization) throws SqlError {
    assertThat(CopyParser.parse("COPY t FROM 's3://b/k' " + authorization).authorization())
        .isEqualTo(new Authorization.Keys("A", "B", "C"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dynamodb://t", "emr://j-1/x", "bucket/key", "s3:///x"})
  void otherSourcesAreRefused(String source) {
    assertThatThrownBy(() -> CopyParser.parse("COPY t FROM '" + source + "'" + ROLE))
        .isInstanceOf(SqlError.class);
  }

  @Test
  void nullAsTakesOctal() throws SqlError {
    String copy = "COPY t FROM 's3://b/k'" + ROLE + "NULL AS '\\000'";
    assertThat(CopyParser.parse(copy).conversion().nullString()).containsExactly(0);
  }
}
