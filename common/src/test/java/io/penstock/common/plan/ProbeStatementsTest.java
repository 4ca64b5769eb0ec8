package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.config.StoreLocation;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProbeStatementsTest {
  @TempDir private Path folder = Path.of("");

  private RedshiftDestination destination() throws IOException {
    Path file =
        Files.writeString(
            folder.resolve("job.conf"),
            """
            job = "small"
            sources { a { format = parquet, path = "a" } }
            destinations {
              warehouse {
                type = redshift
                connection { host = "h.example.com", database = "dev", user = "u", password { env = "P" } }
                staging { bucket = "tmp", prefix = "load", region = "eu-west-1" }
                table { schema = "Sales", name = "it's" }
                write = overwrite
              }
            }
            """);
    return (RedshiftDestination) JobFiles.load(file, Overrides.none()).destinations().get(0);
  }

  @Test
  void namesAreQuotedAndSecretsCanBeHidden() throws IOException {
    RedshiftDestination destination = destination();
    ProbeStatements statements = new ProbeStatements(destination, "probe_1");
    StoreLocation.Bucket staging = destination.staging().location();

    assertThat(statements.createInTargetSchema().sql())
        .isEqualTo("CREATE TABLE \"sales\".\"probe_1\" (\"n\" INTEGER)");
    assertThat(statements.insert().sql())
        .isEqualTo("INSERT INTO \"_penstock\".\"probe_1\" VALUES (1)");
    assertThat(statements.hasPrivilege("insert").sql())
        .isEqualTo("SELECT has_table_privilege('\"sales\".\"it''s\"', 'insert')");
    assertThat(statements.targetPrivileges()).containsExactly("insert", "delete");
    assertThat(statements.ownsTarget().sql())
        .contains("t.schemaname = 'sales' AND t.tablename = 'it''s' AND");
    SqlStatement copy =
        statements.copy(
            staging, "f.csv", new CopyAuthorization.Keys("AKIA", "canary9f3e", Optional.empty()));
    assertThat(copy.sql())
        .isEqualTo(
            "COPY \"_penstock\".\"probe_1\" FROM 's3://tmp/load/f.csv' ACCESS_KEY_ID 'AKIA'"
                + " SECRET_ACCESS_KEY 'canary9f3e' FORMAT AS CSV REGION 'eu-west-1'"
                + " COMPUPDATE OFF STATUPDATE OFF");
    assertThat(copy).hasToString(copy.sql().replace("AKIA", "***").replace("canary9f3e", "***"));
  }
}
