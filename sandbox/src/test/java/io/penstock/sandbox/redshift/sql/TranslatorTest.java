package io.penstock.sandbox.redshift.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TranslatorTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          SELECT "ID", "a""B" FROM "Public"."T"                   | SELECT "id", "a""b" FROM "public"."t"
          select 'it\\'s "X"' as "Y"                              | select 'it\\'s "X"' as "y"
          select nvl(a, 'NVL(') -- nvl(                           | select coalesce(a, 'NVL(') -- nvl(
          select t.sysdate, sysdate                               | select t.sysdate, sysdate()
          select dateadd(day, 1, d), datediff(month, a, b)        | select dateadd('day', 1, d), datediff('month', a, b)
          select cast(x as varchar(max))                          | select cast(x as varchar(65535))
          select 1 minus select 2                                 | select 1 EXCEPT select 2
          select a minus from t                                   | select a minus from t
          select case a when 1then 2 end                          | select case a when 1 then 2 end
          select listagg(a, ',') within group (order by b) from t | select string_agg((a)::text, ',' order by b) from t
          select listagg(distinct a) from t                       | select string_agg(DISTINCT (a)::text, '') from t
          select $$ "X" ; $$                                      | select $$ "X" ; $$
          /* "A" /* ; */ */ select "A"                            | /* "A" /* ; */ */ select "a"
          set query_group to 'x'                                  | set redshift.query_group to 'x'
          reset query_group                                       | reset redshift.query_group
          set search_path to "A"                                  | set search_path to "a"
          vacuum delete only t to 90 percent                      | VACUUM t
          vacuum                                                  | VACUUM
          analyze t (a, b) predicate columns                      | ANALYZE t (a, b)
          grant select on t to role "R"                           | grant select on t to "r"
          grant role a to role b                                  | grant a to b
          grant usage on schema s to group g                      | grant usage on schema s to group g
          create schema s authorization u quota 2 GB              | create schema s authorization u
          create user u password 'Abcdefg1' nocreateuser          | create user u PASSWORD 'Abcdefg1' NOSUPERUSER
          alter user u password disable                           | alter user u PASSWORD NULL
          lock table t                                            | lock table t
          copy t from stdin                                       | copy t from stdin
          alter table t rename column "A" to b                    | alter table t rename column "a" to b
          alter table t alter column a type varchar(max)          | alter table t ALTER COLUMN "a" TYPE varchar(65535)
          alter table t add column b super                        | alter table t ADD COLUMN "b" super
          """)
  void translates(String redshift, String postgres) {
    assertThat(only(redshift)).isInstanceOf(Translation.Pass.class);
    assertThat(sql(redshift).strip()).isEqualTo(postgres.strip());
  }

  @Test
  void create_table_takes_what_postgresql_lacks_into_a_comment() {
    assertThat(
            sql(
                "CREATE TABLE IF NOT EXISTS \"S\".\"T\" (\"Id\" BIGINT NOT NULL IDENTITY(5,2),"
                    + " a VARCHAR ENCODE lzo DEFAULT 'x,)' NOT NULL, m VARCHAR(MAX), d DECIMAL,"
                    + " s SUPER, v VARBYTE(10), c INT REFERENCES o (id), PRIMARY KEY (id),"
                    + " FOREIGN KEY (c) REFERENCES o) BACKUP NO DISTSTYLE KEY DISTKEY (id)"
                    + " COMPOUND SORTKEY (id, \"A\")"))
        .isEqualTo(
            "CREATE TABLE IF NOT EXISTS \"s\".\"t\" (\"id\" bigint NOT NULL GENERATED ALWAYS AS"
                + " IDENTITY (START WITH 5 INCREMENT BY 2 MINVALUE 5), \"a\" varchar(256) DEFAULT"
                + " 'x,)' NOT NULL, \"m\" varchar(65535), \"d\" numeric(18,0), \"s\" super, \"v\""
                + " varbyte, \"c\" integer, PRIMARY KEY (id))"
                + " /*penstock{\"table\":\"t\",\"diststyle\":\"KEY\",\"distkey\":\"id\","
                + "\"sortstyle\":\"COMPOUND\",\"sortkey\":[\"id\",\"a\"],"
                + "\"encode\":{\"a\":\"lzo\"}}*/");
  }

  @Test
  void create_table_as_keeps_the_query() {
    assertThat(sql("create table #t diststyle all sortkey auto as select \"A\" from x"))
        .isEqualTo(
            "CREATE TEMP TABLE \"#t\" as select \"a\" from x"
                + " /*penstock{\"table\":\"#t\",\"diststyle\":\"ALL\",\"sortstyle\":\"AUTO\","
                + "\"sortkey\":[]}*/");
    assertThat(sql("create table t (a, b) distkey(a) as select 1, 2"))
        .contains("t (a, b) as select");
    assertThat(sql("create table t (like \"O\" including defaults)"))
        .isEqualTo("create table t (like \"o\" including defaults)");
  }

  @Test
  void a_name_cannot_end_the_comment() {
    assertThat(sql("create table t (\"*/x\" int distkey)"))
        .endsWith("\"distkey\":\"\\u002a\\u002fx\"}*/");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          merge into t using s on t.a = s.a when matched then delete | 0A000 | MERGE is not supported by the sandbox
          create external schema s from data catalog                 | 0A000 | CREATE EXTERNAL SCHEMA is not supported by the sandbox
          create materialized view v as select 1                     | 0A000 | CREATE MATERIALIZED VIEW is not supported by the sandbox
          create function f() returns int stable as $$ 1 $$ language sql | 0A000 | CREATE FUNCTION is not supported by the sandbox
          create view v as select 1 with no schema binding           | 0A000 | CREATE VIEW WITH NO SCHEMA BINDING is not supported by the sandbox
          alter table a append from b                                | 0A000 | ALTER TABLE APPEND is not supported by the sandbox
          alter table t add column a int, add column b int           | 42601 | syntax error at or near ","
          alter table t alter column a type bigint                   | 0A000 | ALTER COLUMN TYPE is only supported for columns of type VARCHAR
          nonsense t                                                 | 0A000 | NONSENSE is not supported by the sandbox
          create table t (a json)                                    | 0A000 | Column "a" has unsupported type "json".
          create table t (xmin int)                                  | 42701 | column name "xmin" conflicts with a system column name
          create table t (a varchar(65536))                          | 22023 | length for type varchar cannot exceed 65535
          create table t (a char(4097))                              | 22023 | length for type char cannot exceed 4096
          create table t (a decimal(39,2))                           | 22023 | DECIMAL precision 39 must be between 1 and 38
          create table t (a int check (a > 0))                       | 42601 | syntax error at or near "check"
          create table t (a int) tablespace x                        | 42601 | syntax error at or near "tablespace"
          create table t (a int) diststyle odd                       | 42601 | syntax error at or near "odd"
          insert into t values (1) returning a                       | 42601 | syntax error at or near "returning"
          insert into t values (1) on conflict do nothing            | 42601 | syntax error at or near "conflict"
          select * from t for update                                 | 0A000 | SELECT FOR UPDATE is not supported
          create user u password 'short1A'                           | 22023 | password must be at least 8 characters long
          create user u password 'abcdefg1'                          | 22023 | password must contain an uppercase letter
          create user u password 'Abcdefgh'                          | 22023 | password must contain a number
          set standard_conforming_strings to on                      | 42704 | unrecognized configuration parameter "standard_conforming_strings"
          set enable_case_sensitive_identifier to true               | 0A000 | ENABLE_CASE_SENSITIVE_IDENTIFIER is not supported by the sandbox
          analyze compression t                                      | 0A000 | ANALYZE COMPRESSION is not supported by the sandbox
          show tables from schema dev.public                         | 0A000 | SHOW TABLES is not supported by the sandbox
          truncate a, b                                              | 42601 | syntax error at or near ","
          """)
  void refuses(String redshift, String state, String message) {
    Translation translation = only(redshift);
    String sql =
        translation instanceof Translation.Pass pass
            ? pass.sql()
            : ((Translation.Committing) translation).sql();
    assertThat(sql)
        .isEqualTo(
            "SELECT penstock_sandbox.refuse('" + state + "', " + Translator.literal(message) + ")");
  }

  @Test
  void refuses_names_that_postgresql_would_cut_off() {
    String longest = "n".repeat(63);
    assertThat(sql("select 1 as " + longest)).isEqualTo("select 1 as " + longest);
    for (String name : List.of("n".repeat(64), "\"" + "ü".repeat(32) + "\"")) {
      assertThat(sql("select 1 as " + name))
          .startsWith("SELECT penstock_sandbox.refuse('42622', 'identifier longer than 63 bytes");
    }
  }

  @Test
  void splits_statements_outside_of_literals_and_comments() {
    assertThat(
            Translator.translate("select ';' ; -- ;\n truncate t; /* ; */ copy t from 's3://b/k'"))
        .extracting(translation -> translation.getClass().getSimpleName())
        .containsExactly("Pass", "Committing", "Bulk");
    assertThat(Translator.translate(" ; -- nothing\n")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"select 'unterminated", "select \"unterminated", "select (", "select $x$", "("})
  void leaves_broken_text_to_postgresql(String sql) {
    assertThat(sql(sql)).isEqualTo(sql);
  }

  private static Translation only(String sql) {
    List<Translation> translations = Translator.translate(sql);
    assertThat(translations).hasSize(1);
    return translations.get(0);
  }

  private static String sql(String sql) {
    return ((Translation.Pass) only(sql)).sql();
  }
}
