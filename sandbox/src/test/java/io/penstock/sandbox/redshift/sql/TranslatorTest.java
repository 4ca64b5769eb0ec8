package io.penstock.sandbox.redshift.sql;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
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
          SELECT "ÄÉ", "İx", Ωa FROM "Ü"                         | SELECT "ÄÉ", "İx", Ωa FROM "Ü"
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
          create user u password 'Abcdefg1' nocreateuser          | CREATE USER u PASSWORD 'Abcdefg1' NOSUPERUSER
          alter user u password disable                           | ALTER USER u PASSWORD NULL
          lock table t                                            | lock table t
          copy t from stdin                                       | copy t from stdin
          alter table t rename column "A" to b                    | ALTER TABLE t rename column "a" to b /*penstock{"table":"t","renamed":{"from":"a","to":"b"}}*/
          alter table t add column b super                        | ALTER TABLE t ADD COLUMN "b" super
          delete t using u where t.a = u.a                        | DELETE FROM t using u where t.a = u.a
          begin transaction isolation level read committed read only | begin transaction isolation level SERIALIZABLE read only
          set transaction isolation level repeatable read         | set transaction isolation level SERIALIZABLE
          show transaction isolation level                        | show transaction isolation level
          grant select on all tables in schema "S" to group g, role r | grant select on all tables in schema "s" to group g, r
          alter default privileges for user u in schema s grant all on tables to role r | alter default privileges for user u in schema s grant all on tables to r
          create user u with password disable in group g, h valid until '2030-01-01' connection limit unlimited syslog access restricted | CREATE USER u PASSWORD NULL in group g, h valid until '2030-01-01' CONNECTION LIMIT -1
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
          merge into t using s on t.a = s.a when matched then delete | 42601 | syntax error at or near "delete"
          merge into t using (select 1) s on t.a = s.a remove duplicates | 0A000 | MERGE from a subquery is not supported by the sandbox
          merge into t x using s on x.a = s.a remove duplicates      | 42601 | syntax error at or near "x"
          merge into t using s on t.a = s.a when matched and s.b then delete when not matched then insert values (1) | 42601 | syntax error at or near "and"
          merge into t using s on t.a = s.a when not matched then insert values (1) | 42601 | syntax error at or near "not"
          merge into t using s on t.a = s.a when matched then delete when not matched then do nothing | 42601 | syntax error at or near "do"
          merge into t using s on t.a = s.a or s.a is null remove duplicates | 0A000 | a MERGE condition other than equal predicates is not supported by the sandbox
          merge into t using s on t.a > s.a remove duplicates        | 0A000 | a MERGE condition other than equal predicates is not supported by the sandbox
          merge into t using s on t.a = s.a when matched then update set b = s.b[0] when not matched then insert values (1) | 0A000 | Partial reference of SUPER column is not supported in MERGE statement
          with x as (select 1) merge into t using s on t.a = s.a remove duplicates | 42601 | syntax error at or near "merge"
          with x as (delete from t) select 1                         | 42601 | syntax error at or near "delete"
          lock t in share mode                                       | 42601 | syntax error at or near "in"
          begin isolation level snapshot                             | 42601 | syntax error at or near "snapshot"
          grant drop on t to u                                       | 0A000 | the privilege DROP is not supported by the sandbox
          grant create user to role r                                | 0A000 | GRANT or REVOKE of a system privilege is not supported by the sandbox
          grant usage on language sql to u                           | 0A000 | GRANT or REVOKE on LANGUAGE is not supported by the sandbox
          grant select on t to group g with grant option             | 0LP01 | grant options can only be granted to individual users
          create user u createdb                                     | 42601 | syntax error at or near "createdb"
          create user u password 'Abcdefg1' bypassrls                | 42601 | syntax error at or near "bypassrls"
          create role r login                                        | 42601 | syntax error at or near "login"
          alter table t set schema s                                 | 42601 | syntax error at or near "set"
          alter table t drop column a, drop column b                 | 42601 | syntax error at or near ","
          alter table t add column a int not null                    | 0A000 | ALTER TABLE ADD COLUMN defined as NOT NULL must have a non-null default expression
          alter table t add column a int unique                      | 42601 | syntax error at or near "unique"
          alter table t alter sortkey (a), alter column b type varchar(3) | 42601 | syntax error at or near "column"
          create view v as select * from t with no schema binding    | 0A000 | All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.
          create view v as select a from s.t join u on true with no schema binding | 0A000 | All the relation names inside should be qualified when creating VIEW WITH NO SCHEMA BINDING.
          create external schema s from data catalog                 | 0A000 | CREATE EXTERNAL SCHEMA is not supported by the sandbox
          create materialized view v as select 1                     | 0A000 | CREATE MATERIALIZED VIEW is not supported by the sandbox
          create function f() returns int stable as $$ 1 $$ language sql | 0A000 | CREATE FUNCTION is not supported by the sandbox
          alter table a append from b filltarget ignoreextra         | 42601 | syntax error at or near "ignoreextra"
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
    assertThat(translation).isInstanceOf(Translation.Pass.class);
    assertThat(((Translation.Pass) translation).sql())
        .isEqualTo(
            "SELECT penstock_sandbox.refuse('" + state + "', " + Translator.literal(message) + ")");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          truncate "T" | COMMITTED | TRUNCATE TABLE | truncate "t"
          alter table t alter column "A" type varchar(max) | REFUSED | ALTER TABLE ALTER COLUMN | SELECT penstock_sandbox.check_resize('t', 'a', 65535);ALTER TABLE t ALTER COLUMN "a" TYPE varchar(65535)
          alter table s.t append from "U" filltarget | REFUSED | ALTER TABLE APPEND | SELECT penstock_sandbox.append_rows('s.t', '"u"', false, true)
          alter table t drop a cascade | PART | ALTER TABLE | SELECT penstock_sandbox.check_drop('t', 'a');ALTER TABLE t drop a cascade
          create role "R" | PART | CREATE ROLE | CREATE ROLE "r";ALTER ROLE "r" SET penstock.kind TO 'role'
          merge into t using s x on (t."A" = x.a and t.b = x.b) remove duplicates | PART | MERGE | SELECT penstock_sandbox.check_merge('t', 's');SELECT penstock_sandbox.merge_rows('t', 's', '"x"', '(t."a" = x.a and t.b = x.b)')
          create view v (a) as with w as (select 1 from b.t) select extract(day from x) from w, (a.u u2 (c, d) cross join b.t) where 'from z' = y with no schema binding | PART | CREATE VIEW | SELECT '"a"'::regnamespace;SELECT '"b"'::regnamespace;SELECT penstock_sandbox.create_late_view('v', false, '(a)', 'with w as (select 1 from b.t) select extract(day from x) from w, (a.u u2 (c, d) cross join b.t) where ''from z'' = y')
          """)
  void some_statements_are_run_in_steps(
      String redshift, Translation.Block block, String name, String postgres) {
    assertThat(only(redshift))
        .isInstanceOfSatisfying(
            Translation.Steps.class,
            steps -> {
              assertThat(String.join(";", steps.statements())).isEqualTo(postgres);
              assertThat(steps.block()).isEqualTo(block);
              assertThat(steps.name()).isEqualTo(name);
            });
  }

  @Test
  void names_of_more_than_63_bytes_are_kept_in_another_form() {
    String longest = "n".repeat(63);
    assertThat(sql("select 1 as " + longest)).isEqualTo("select 1 as " + longest);
    String stored = sql("select 1 as \"" + "\u00fc".repeat(63) + "n\"").replaceAll(".* ", "");
    assertThat(stored)
        .isEqualTo(sql("select 1 as " + "\u00fc".repeat(63) + "N").replaceAll(".* ", ""))
        .startsWith("\"" + "\u00fc".repeat(18) + "\u2026");
    assertThat(stored.getBytes(StandardCharsets.UTF_8)).hasSizeLessThanOrEqualTo(65);
    assertThat(stored)
        .isNotEqualTo(sql("select 1 as " + "\u00fc".repeat(63)).replaceAll(".* ", ""))
        .isNotEqualTo(sql("select 1 as " + "\u00dc".repeat(63) + "n").replaceAll(".* ", ""));
    for (String name : List.of("n".repeat(128), "\"" + "\u00fc".repeat(64) + "\"")) {
      assertThat(sql("select 1 as " + name)).startsWith("SELECT penstock_sandbox.refuse('42622'");
    }
  }

  @Test
  void splits_statements_outside_of_literals_and_comments() {
    assertThat(
            Translator.translate("select ';' ; -- ;\n truncate t; /* ; */ copy t from 's3://b/k'"))
        .extracting(translation -> translation.getClass().getSimpleName())
        .containsExactly("Pass", "Steps", "Bulk");
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
