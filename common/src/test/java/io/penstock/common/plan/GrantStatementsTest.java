package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.GrantStatements.Step;
import io.penstock.common.plan.GrantStatements.When;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GrantStatementsTest {
  private static final String JOB =
      """
      job = "profiles"
      sources { a { format = csv, path = "in.csv" } }
      destinations {
        $destinations
      }
      """;
  private static final String TABLE =
      """
      warehouse {
        type = redshift
        connection { host = "h", database = "dev", user = "Loader", password = "canary7f3A" }
        staging { bucket = "acme-staging" }
        table { schema = "Sales", name = "pro\\"files" }
        write = overwrite
      }
      """;

  private static JobFile job(String... destinations) {
    String text = JOB.replace("$destinations", String.join("\n", destinations));
    return JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none());
  }

  private static List<Step> steps(JobFile job) {
    Map<DatabaseUser, DatabaseUse> users = DatabaseUser.of(job);
    assertThat(users).hasSize(1);
    List<Step> steps = new ArrayList<>();
    users.forEach(
        (user, use) -> steps.addAll(GrantStatements.of(user, use, name -> name + "-New1")));
    return steps;
  }

  private static List<String> sql(List<Step> steps, When... when) {
    return steps.stream()
        .filter(step -> List.of(when).contains(step.when()))
        .map(step -> step.statement().sql())
        .toList();
  }

  @Test
  void theUserThenTheStateSchemaThenTheTable() {
    List<Step> steps = steps(job(TABLE));

    assertThat(sql(steps, When.values()))
        .containsExactly(
            "CREATE USER \"loader\" WITH PASSWORD 'loader-New1'",
            "CREATE SCHEMA \"_penstock\"",
            "GRANT ALL ON SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT USAGE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT CREATE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT INSERT, DELETE ON TABLE \"sales\".\"pro\"\"files\" TO \"loader\"");
    assertThat(sql(steps, When.TABLE_EXISTS)).hasSize(1);
    assertThat(steps.get(0).statement()).hasToString("CREATE USER \"loader\" WITH PASSWORD '***'");
  }

  @Test
  void theReaderComesLast() {
    List<Step> steps =
        steps(
            job(
                TABLE.replace(
                    "write = overwrite",
                    "tableau { datasource = \"p.tds\", reader = \"Tableau_Reader\" }")));

    assertThat(sql(steps, When.ALWAYS))
        .endsWith(
            "GRANT CREATE ON SCHEMA \"sales\" TO \"loader\"",
            "CREATE USER \"tableau_reader\" WITH PASSWORD 'tableau_reader-New1'",
            "GRANT USAGE ON SCHEMA \"sales\" TO \"tableau_reader\"");
    assertThat(sql(steps, When.TABLE_EXISTS))
        .containsExactly(
            "GRANT INSERT ON TABLE \"sales\".\"pro\"\"files\" TO \"loader\"",
            "GRANT SELECT ON TABLE \"sales\".\"pro\"\"files\" TO \"tableau_reader\"");
    assertThat(sql(steps, When.OPTIONAL))
        .containsExactly(
            "ALTER DEFAULT PRIVILEGES FOR USER \"loader\" IN SCHEMA \"sales\" GRANT SELECT ON"
                + " TABLES TO \"tableau_reader\"");
  }

  @Test
  void whoChangesColumnsMayAlterATableOfAnother() {
    JobFile job = job(TABLE.replace("write = overwrite", "schema-change = add-columns"));

    assertThat(sql(steps(job), When.TABLE_EXISTS))
        .containsExactly(
            "GRANT INSERT ON TABLE \"sales\".\"pro\"\"files\" TO \"loader\"",
            "GRANT ALTER ON TABLE \"sales\".\"pro\"\"files\" TO \"loader\"");
    assertThat(steps(job).get(7).purpose())
        .endsWith("ALTER TABLE \"sales\".\"pro\"\"files\" OWNER TO \"loader\" does as well");
  }

  private static String issued(String login) {
    return TABLE.replace("user = \"Loader\", password = \"canary7f3A\"", login);
  }

  @Test
  void aUserWhosePasswordsAreIssuedHasNoneOfItsOwn() {
    JobFile job = job(issued("user = \"Loader\", iam { cluster = wh, region = \"eu-central-1\" }"));

    assertThat(DatabaseUser.of(job).keySet())
        .containsExactly(new DatabaseUser("h", 5439, "dev", "loader", true));
    assertThat(sql(steps(job), When.values()))
        .startsWith("CREATE USER \"loader\" PASSWORD DISABLE", "CREATE SCHEMA \"_penstock\"")
        .noneMatch(statement -> statement.contains("-New1"));
    assertThat(steps(job).get(0).purpose()).contains("passwords that AWS issues");
  }

  @Test
  void aUserThatAwsNamesCannotBeGrantedTo() {
    JobFile job = job(issued("iam { workgroup = wh, region = \"eu-central-1\" }"));

    assertThatThrownBy(() -> DatabaseUser.of(job))
        .isInstanceOfSatisfying(
            PenstockException.class,
            refused -> {
              assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
              assertThat(refused.problem()).contains("destination warehouse");
              assertThat(refused.remedy()).contains("Write connection.user");
            });
  }

  @Test
  void whatTwoTablesHaveInCommonIsGrantedOnce() {
    JobFile job =
        job(TABLE, TABLE.replace("warehouse {", "second {").replace("pro\\\"files", "second"));

    assertThat(sql(steps(job), When.values()))
        .containsExactly(
            "CREATE USER \"loader\" WITH PASSWORD 'loader-New1'",
            "CREATE SCHEMA \"_penstock\"",
            "GRANT ALL ON SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT USAGE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT CREATE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT INSERT, DELETE ON TABLE \"sales\".\"pro\"\"files\" TO \"loader\"",
            "GRANT INSERT, DELETE ON TABLE \"sales\".\"second\" TO \"loader\"");
  }

  @Test
  void usersOfSeveralDatabasesAreApart() {
    JobFile job =
        job(
            TABLE,
            TABLE.replace("warehouse {", "second {").replace("\"dev\"", "\"prod\""),
            TABLE
                .replace("warehouse {", "third {")
                .replace("user = \"Loader\"", "user = other")
                .replace("pro\\\"files", "third"));

    assertThat(DatabaseUser.of(job).keySet())
        .extracting(DatabaseUser::toString)
        .containsExactly(
            "user loader of database dev at h:5439",
            "user loader of database prod at h:5439",
            "user other of database dev at h:5439");
  }

  /** The job file's own password is in no statement; nor is a name anything but a name. */
  @Test
  void nothingIsInjected() {
    String hostile = "x\\\"; DROP SCHEMA public --";
    JobFile job =
        job(
            TABLE
                .replace("user = \"Loader\"", "user = \"" + hostile + "\"")
                .replace("Sales", hostile));
    String quoted = "\"x\"\"; drop schema public --\"";

    List<String> sql = sql(steps(job), When.values());

    assertThat(sql).noneMatch(statement -> statement.contains("canary"));
    assertThat(sql)
        .contains(
            "CREATE USER " + quoted + " WITH PASSWORD 'x\"; drop schema public ---New1'",
            "GRANT USAGE ON SCHEMA " + quoted + " TO " + quoted);
  }

  /** The statements of RudderStack's guide for Redshift as a source, in its exact order. */
  @Test
  void whatASyncNeeds() {
    JobFile job =
        source(
            "connection { host = h, database = dev, user = rudder, password = p }, table ="
                + " \"YOUR_SCHEMA.YOUR_TABLE\"",
            "}\nsync { mode = upsert, keys = [id], state { schema = \"_rudderstack\" } ");

    assertThat(sql(steps(job), When.values()))
        .containsExactly(
            "CREATE USER \"rudder\" WITH PASSWORD 'rudder-New1'",
            "CREATE SCHEMA \"_rudderstack\"",
            "GRANT ALL ON SCHEMA \"_rudderstack\" TO \"rudder\"",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_rudderstack\" TO \"rudder\"",
            "GRANT USAGE ON SCHEMA \"your_schema\" TO \"rudder\"",
            "GRANT SELECT ON TABLE \"your_schema\".\"your_table\" TO \"rudder\"",
            "GRANT SELECT ON ALL TABLES IN SCHEMA \"your_schema\" TO \"rudder\"",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA \"your_schema\" GRANT SELECT ON TABLES TO"
                + " \"rudder\"");
    assertThat(sql(steps(job), When.OPTIONAL)).hasSize(2);
  }

  /**
   * In the order of RudderStack's guide for Redshift as a source; without a sync there is no state.
   */
  @Test
  void whatASourceNeeds() {
    JobFile job =
        source(
            "connection { host = h, database = dev, user = Rudder, password = p }, table ="
                + " \"Crm.Users\"");

    assertThat(sql(steps(job), When.ALWAYS))
        .containsExactly(
            "CREATE USER \"rudder\" WITH PASSWORD 'rudder-New1'",
            "GRANT USAGE ON SCHEMA \"crm\" TO \"rudder\"",
            "GRANT SELECT ON TABLE \"crm\".\"users\" TO \"rudder\"");
    assertThat(sql(steps(job), When.OPTIONAL))
        .containsExactly(
            "GRANT SELECT ON ALL TABLES IN SCHEMA \"crm\" TO \"rudder\"",
            "ALTER DEFAULT PRIVILEGES IN SCHEMA \"crm\" GRANT SELECT ON TABLES TO \"rudder\"");
    assertThat(steps(job)).extracting(Step::when).endsWith(When.OPTIONAL, When.OPTIONAL);
  }

  @Test
  void theTablesOfAQueryAndTheUserOfSourceAndDestination() {
    JobFile job =
        source(
            "connection { host = h, database = dev, user = loader, password = p }, query ="
                + " \"select * from a.b join c using (id)\"",
            TABLE);

    assertThat(sql(steps(job), When.ALWAYS))
        .containsExactly(
            "CREATE USER \"loader\" WITH PASSWORD 'loader-New1'",
            "CREATE SCHEMA \"_penstock\"",
            "GRANT ALL ON SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT ALL PRIVILEGES ON ALL TABLES IN SCHEMA \"_penstock\" TO \"loader\"",
            "GRANT USAGE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT CREATE ON SCHEMA \"sales\" TO \"loader\"",
            "GRANT USAGE ON SCHEMA \"a\" TO \"loader\"",
            "GRANT USAGE ON SCHEMA \"public\" TO \"loader\"",
            "GRANT SELECT ON TABLE \"a\".\"b\" TO \"loader\"",
            "GRANT SELECT ON TABLE \"public\".\"c\" TO \"loader\"");
  }

  private static JobFile source(String keys, String... destinations) {
    String text =
        JOB.replace(
                "a { format = csv, path = \"in.csv\" }", "a { format = redshift, " + keys + " }")
            .replace(
                "$destinations",
                "out { type = s3, directory = out, format = csv }\n"
                    + String.join("\n", destinations));
    return JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none());
  }
}
