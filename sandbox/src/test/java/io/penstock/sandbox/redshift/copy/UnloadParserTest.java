package io.penstock.sandbox.redshift.copy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.sandbox.redshift.SqlError;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UnloadParserTest {
  private static final String ROLE = " IAM_ROLE default ";

  @Test
  void quotesInTheQueryAreDoubledOrEscaped() throws SqlError {
    String expected = "select * from t where a = 'x'";
    assertThat(query("('select * from t where a = ''x''')")).isEqualTo(expected);
    assertThat(query("('select * from t where a = \\'x\\'')")).isEqualTo(expected);
    assertThat(query("($$select * from t where a = 'x'$$)")).isEqualTo(expected);
  }

  @Test
  void quotedNamesFoldAndEscapesBecomePostgres() throws SqlError {
    assertThat(UnloadQuery.toPostgres("SELECT \"ID\" AS \"Col 1\" FROM t WHERE n = 'a\\'B'"))
        .isEqualTo("SELECT \"id\" AS \"col 1\" FROM t WHERE n =  E'a\\'B'");
  }

  @Test
  void optionsAreRead() throws SqlError {
    UnloadStatement unload =
        UnloadParser.parse(
            "unload ('select 1') to 's3://b/p_'"
                + ROLE
                + "header delimiter as ';' addquotes escape null as 'n' gzip manifest verbose"
                + " parallel off allowoverwrite maxfilesize 1.5 gb extension 'txt' kms_key_id 'k'"
                + " encrypted");
    assertThat(unload.format())
        .isEqualTo(new UnloadFormat.Text(false, (byte) ';', true, true, "n", true));
    assertThat(unload.compression()).isEqualTo(Compression.GZIP);
    assertThat(unload.manifest()).isEqualTo(UnloadStatement.Manifest.VERBOSE);
    assertThat(unload.parallel()).isFalse();
    assertThat(unload.existing()).isEqualTo(UnloadStatement.Existing.OVERWRITE);
    assertThat(unload.maxFileBytes()).isEqualTo(1536L << 20);
    assertThat(unload.extension()).isEqualTo("txt");
    assertThat(unload.kmsKey()).isEqualTo("k");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '#',
      value = {
        "select 1 limit 2; CSV; 0A000; Limit clause is not supported",
        "select 1; PARTITION BY (a); 0A000; UNLOAD option PARTITION BY is not supported by the sandbox",
        "select 1; FIXEDWIDTH '1:2'; 0A000; UNLOAD option FIXEDWIDTH is not supported by the sandbox",
        "select 1; KMS_KEY_ID 'k'; 42601; KMS_KEY_ID requires ENCRYPTED",
        "select 1; PARQUET GZIP; 0A000; GZIP is not supported for UNLOAD with PARQUET",
        "select 1; JSON HEADER; 0A000; HEADER is not supported for UNLOAD with JSON",
        "select 1; MAXFILESIZE 1 MB; 22023; MAXFILESIZE must be between 5 MB and 6.2 GB",
        "select 1; ALLOWOVERWRITE CLEANPATH; 0A000; ALLOWOVERWRITE is not supported for UNLOAD with CLEANPATH",
        "select 1; SOMETHING; 42601; syntax error at or near \"SOMETHING\"",
        "delete from t; CSV; 42601; syntax error at or near \"delete\""
      })
  void whatDoesNotFitIsRefused(String query, String options, String state, String message) {
    assertThatThrownBy(
            () -> UnloadParser.parse("UNLOAD ('" + query + "') TO 's3://b/p'" + ROLE + options))
        .isInstanceOf(SqlError.class)
        .hasMessage(message)
        .extracting("sqlState")
        .isEqualTo(state);
  }

  @Test
  void aLimitInASubqueryIsAllowed() throws SqlError {
    assertThat(query("('select * from (select 1 limit 1)')"))
        .isEqualTo("select * from (select 1 limit 1)");
  }

  private static String query(String quoted) throws SqlError {
    return UnloadParser.parse("UNLOAD " + quoted + " TO 's3://b/p'" + ROLE).query();
  }
}
