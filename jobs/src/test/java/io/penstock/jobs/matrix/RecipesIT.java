package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.penstock.jobs.testing.EventsControl;
import io.penstock.jobs.testing.GnuPg;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import io.penstock.jobs.testing.Tool;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The job files of conf/jobs run, and their readers read what the pages say. */
class RecipesIT {
  private static final Path RECIPES = Path.of("..", "conf", "jobs").toAbsolutePath().normalize();

  @TempDir static Path directory;

  private static Path recipe(String name) {
    return RECIPES.resolve(name + ".conf");
  }

  private static String state() {
    return "state=" + directory.resolve("state");
  }

  private static List<String> query(Connection connection, String sql) throws SQLException {
    List<String> rows = new ArrayList<>();
    try (Statement statement = connection.createStatement()) {
      if (statement.execute(sql)) {
        try (ResultSet result = statement.getResultSet()) {
          while (result.next()) {
            List<String> row = new ArrayList<>();
            for (int at = 1; at <= result.getMetaData().getColumnCount(); at++) {
              row.add(String.valueOf(result.getString(at)));
            }
            rows.add(String.join("|", row));
          }
        }
      }
    }
    return rows;
  }

  /** Each has a test below, but those of TunnelledRunIT, through SSH, and of EventsRunIT. */
  @Test
  void everyJobFileIsRunHere() throws Exception {
    try (Stream<Path> files = Files.list(RECIPES)) {
      assertThat(files.map(file -> file.getFileName().toString()).filter(n -> n.endsWith(".conf")))
          .containsExactlyInAnyOrder(
              "amperity-csv.conf",
              "by-country.conf",
              "campaign.conf",
              "customer-profiles.conf",
              "events.conf",
              "psv.conf",
              "psv-tgz.conf",
              "redshift-csv.conf",
              "redshift-over-ssh.conf",
              "reverse-etl.conf");
    }
  }

  private static String bucket(SandboxProcess sandbox) {
    SandboxProcess.S3 s3 = sandbox.s3();
    String credentials =
        "{ type = keys, access-key = \"%s\", secret-key = \"%s\" }"
            .formatted(s3.accessKey(), s3.secretKey());
    return "definitions.s3={ bucket = \"%s\", region = \"%s\", endpoint = \"%s\", path-style = true, credentials %s }"
        .formatted(sandbox.bucket(), s3.region(), s3.endpoint(), credentials);
  }

  /** The recipes that deliver to a directory, each to one of its own. */
  @BeforeAll
  static void deliverToDirectories() throws Exception {
    Runs.succeed(
        Stream.of("amperity-csv", "by-country", "campaign", "psv", "psv-tgz")
            .map(RecipesIT::recipe)
            .toList(),
        "-D",
        state(),
        "-D",
        "destinations.files.directory=" + directory.resolve("out") + "/{{job}}",
        "--run-id",
        "r1");
  }

  private static Path out(String job) {
    return directory.resolve("out").resolve(job);
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void copyLoadsTheCsvThroughItsManifest() throws Exception {
    SandboxProcess sandbox = SandboxProcess.shared();
    SandboxProcess.S3 s3 = sandbox.s3();
    Runs.succeed(
        List.of(recipe("redshift-csv")),
        "-D",
        state(),
        "-D",
        bucket(sandbox),
        "-D",
        "destinations.files.prefix=recipes");
    try (Connection connection = sandbox.redshift().connect()) {
      query(
          connection,
          "CREATE TABLE people (id bigint, email varchar(320), full_name varchar(200),"
              + " country char(2), joined date, score decimal(6,2))");
      query(
          connection,
          "COPY people (id, email, full_name, country, joined, score) FROM 's3://"
              + sandbox.bucket()
              + "/recipes/people-redshift-csv.manifest' ACCESS_KEY_ID '"
              + s3.accessKey()
              + "' SECRET_ACCESS_KEY '"
              + s3.secretKey()
              + "' FORMAT AS CSV NULL AS '@NULL@' IGNOREHEADER 1 GZIP MANIFEST DATEFORMAT 'auto'"
              + " TIMEFORMAT 'auto' REGION '"
              + s3.region()
              + "'");
      assertThat(query(connection, "SELECT * FROM people ORDER BY id"))
          .containsExactly(
              "1|ada@example.com|Lovelace, Ada|GB|2024-02-29|12.50",
              "2|grace@example.com|Grace Hopper|US|2025-11-02|null",
              "3|null|Alan \"Prof\" Turing|GB|1999-12-31|7.25",
              "4|zo\u00eb@example.com|Zo\u00eb \uD83D\uDE00 M\u00fcller|DE|2026-03-29|0.00");
    }
  }

  @Test
  void filesInFoldersAndWithoutQuotes() throws Exception {
    Path folders = out("people-by-country");
    Path text = out("people-psv");

    assertThat(folders.resolve(".DONE")).isEmptyFile();
    assertThat(text.resolve("people.done")).isEmptyFile();
    try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:")) {
      assertThat(
              query(
                  duckDb,
                  "SELECT country, count(*) FROM read_parquet('"
                      + folders
                      + "/*/*.parquet', hive_partitioning = true) GROUP BY 1 ORDER BY 1"))
          .containsExactly("DE|1", "GB|2", "US|1");
    }
    assertThat(Files.readString(text.resolve("people_r1_0000001.psv")))
        .isEqualTo(
            """
            id|email|full_name|country|joined|score
            1|ada@example.com|Lovelace, Ada|GB|29.02.2024|12.50
            2|grace@example.com|Grace Hopper|US|02.11.2025|NULL
            3|NULL|Alan "Prof" Turing|GB|31.12.1999|7.25
            4|zo\u00eb@example.com|Zo\u00eb \uD83D\uDE00 M\u00fcller|DE|29.03.2026|0.00
            """
                .replace("\n", "\r\n"));
  }

  @Test
  void theReceiverDecryptsTheNumberedCsv() throws Exception {
    assumeTrue(GnuPg.isInstalled(), "no gpg to decrypt with");
    Path out = out("people-amperity-csv");

    assertThat(names(out)).hasSize(2).contains(".DONE");
    String name = names(out).get(1);
    assertThat(name).matches("people_\\d{4}-\\d\\d-\\d\\d\\.csv\\.gz\\.pgp");
    try (GnuPg gpg = GnuPg.create()) {
      gpg.out(
          Files.readAllBytes(Path.of("src/test/resources/keys/example-receiver-secret.asc")),
          "--import");
      byte[] gzip = gpg.out(Files.readAllBytes(out.resolve(name)), "--decrypt");
      assertThat(new String(Received.firstMember(gzip), StandardCharsets.UTF_8))
          .isEqualTo(
              """
              "row_number","id","email","full_name","country","joined","score"
              "1","1","ada@example.com","Lovelace, Ada","GB","2024-02-29","12.50"
              "2","2","grace@example.com","Grace Hopper","US","2025-11-02",
              "3","3",,"Alan ""Prof"" Turing","GB","1999-12-31","7.25"
              "4","4","zo\u00eb@example.com","Zo\u00eb \uD83D\uDE00 M\u00fcller","DE","2026-03-29","0.00"
              """);
    }
  }

  @Test
  void eachGroupOfTheCampaignHasItsFolder() throws Exception {
    Path spring = out("people-campaign").resolve("spring");

    assertThat(names(spring)).containsExactly("DE", "GB", "US");
    for (String group : names(spring)) {
      assertThat(names(spring.resolve(group))).containsExactly(".DONE", "spring_" + group + ".csv");
    }
    assertThat(Files.readString(spring.resolve("GB/spring_GB.csv")))
        .isEqualTo(
            """
            id,email,full_name,country,joined,score
            1,ada@example.com,"Lovelace, Ada",GB,2024-02-29,12.50
            3,,"Alan ""Prof"" Turing",GB,1999-12-31,7.25
            """);
  }

  @Test
  void tarUnpacksThePipeSeparatedText() throws Exception {
    Path out = out("people-psv-tgz");

    assertThat(names(out)).hasSize(2).contains(".DONE");
    String archive = out.resolve(names(out).get(1)).toString();
    Tool tar = new Tool("tar");
    String day = names(out).get(1).replaceAll("people_(\\d{8})\\.tgz", "$1");
    assertThat(new String(tar.out("-tzf", archive), StandardCharsets.UTF_8).lines())
        .containsExactly("people_" + day + "_0000001.psv", "people_" + day + "_0000002.psv");
    assertThat(new String(tar.out("-xzOf", archive), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            "id"|"email"|"full_name"|"country"|"joined"|"score"
            "1"|"ada@example.com"|"Lovelace, Ada"|"GB"|"2024-02-29"|"12.50"
            "2"|"grace@example.com"|"Grace Hopper"|"US"|"2025-11-02"|"@NULL@"
            "3"|"@NULL@"|"Alan ""Prof"" Turing"|"GB"|"1999-12-31"|"7.25"
            "id"|"email"|"full_name"|"country"|"joined"|"score"
            "4"|"zo\u00eb@example.com"|"Zo\u00eb \uD83D\uDE00 M\u00fcller"|"DE"|"2026-03-29"|"0.00"
            """);
  }

  /** The main job over a lake of two customers, of which one has an order. */
  @Test
  void theMainJobDeliversProfiles() throws Exception {
    Path lake = directory.resolve("lake");
    write(
        lake.resolve("customer"),
        "delta",
        "1L c_custkey, 'Ada' c_name, '25-989-741-2988' c_phone, 'BUILDING' c_mktsegment, 1.25BD c_acctbal, 1 c_nationkey",
        "2L, 'Bob', '23-768-687-3665', 'AUTO', -7BD, 1");
    write(lake.resolve("nation"), "delta", "1 n_nationkey, 'KENYA' n_name");
    write(
        lake.resolve("orders"),
        "parquet",
        "7L o_orderkey, 1L o_custkey, date'2024-02-29' o_orderdate");
    write(
        lake.resolve("lineitem"),
        "parquet",
        "7L l_orderkey, 100BD l_extendedprice, 0.25BD l_discount");
    SandboxProcess sandbox = SandboxProcess.shared();
    SandboxProcess.Redshift server = sandbox.redshift();
    Runs.succeed(
        List.of(recipe("customer-profiles")),
        "-D",
        state(),
        "-D",
        "definitions.lake=" + lake,
        "-D",
        bucket(sandbox),
        "-D",
        "definitions.redshift=" + warehouse(server),
        "-D",
        "destinations.warehouse.copy-credentials=null");
    try (Connection connection = server.connect()) {
      assertThat(query(connection, "SELECT * FROM public.customer_profiles ORDER BY customer_id"))
          .containsExactly(
              "1|Ada|25-989-741-2988|building|KENYA|1|75.00|2024-02-29|2024-02-29|1.25|lake",
              "2|Bob|23-768-687-3665|auto|KENYA|0|null|null|null|-7.00|lake");
    }
  }

  private static String warehouse(SandboxProcess.Redshift server) {
    return "{ host = localhost, endpoint-override = \"127.0.0.1:%d\", database = \"%s\", user = \"%s\", password = \"%s\", tls { mode = disable } }"
        .formatted(server.port(), server.database(), server.user(), server.password());
  }

  @Test
  void whatHasChangedInATableBecomesEvents() throws Exception {
    SandboxProcess sandbox = SandboxProcess.shared();
    EventsControl receiver = sandbox.events();
    receiver.reset();
    try (Connection connection = sandbox.redshift().connect()) {
      query(connection, "CREATE SCHEMA recipe");
      query(
          connection,
          "CREATE TABLE recipe.people (user_id BIGINT, email VARCHAR(320), name VARCHAR(80),"
              + " city VARCHAR(40), plan VARCHAR(10))");
      query(
          connection,
          "INSERT INTO recipe.people VALUES (1, 'ada@example.com', 'Ada', 'London', 'PRO'),"
              + " (2, NULL, 'Alan', NULL, NULL)");
      String[] options = {
        "-D",
        state(),
        "-D",
        bucket(sandbox),
        "-D",
        "definitions.warehouse=" + warehouse(sandbox.redshift()),
        "-D",
        "sources.people.table=recipe.people",
        "-D",
        "sources.people.reader=unload",
        "-D",
        "sources.people.unload-credentials=null",
        "-D",
        "sync.state.path=" + directory.resolve("syncs"),
        "-D",
        "destinations.crm.to.http={ url = \"%s\", write-key = \"%s\" }"
            .formatted(receiver.url(), receiver.writeKey())
      };
      Runs.succeed(List.of(recipe("reverse-etl")), options);
      query(connection, "DELETE FROM recipe.people WHERE user_id = 2");
      Runs.succeed(List.of(recipe("reverse-etl")), options);
    }

    assertThat(
            receiver.received().stream()
                .map(record -> record.path("userId").asText() + " " + record.path("traits"))
                .sorted())
        .containsExactly(
            "1 {\"address\":{\"city\":\"London\"},\"email\":\"ada@example.com\",\"name\":\"Ada\",\"plan\":\"pro\",\"source\":\"warehouse\"}",
            "2 {\"address\":{\"city\":null},\"email\":null,\"name\":\"Alan\",\"plan\":null,\"source\":\"warehouse\"}",
            "2 {\"address\":{\"city\":null},\"email\":null,\"name\":null,\"plan\":null,\"source\":null}");
  }

  private static void write(Path table, String format, String... rows) {
    String union =
        Stream.of(rows).map(row -> "SELECT " + row).collect(Collectors.joining(" UNION ALL "));
    LocalSpark.session().sql(union).write().format(format).save(table.toString());
  }
}
