package io.penstock.jobs.read.redshift;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftSource.Reader;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.SourceFilter;
import io.penstock.common.plan.SqlStatement;
import io.penstock.common.schema.JsonText;
import io.penstock.common.secret.Secret;
import io.penstock.jobs.read.SparkFailures;
import io.penstock.jobs.testing.ConnectorNotes;
import io.penstock.jobs.testing.ConnectorStandIn;
import io.penstock.jobs.testing.ForwardingProxy;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerEvent;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.execution.ui.SparkListenerSQLExecutionStart;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every reader gives every value of every type, which a model in plain Java has beside its SQL;
 * asks for no more than is needed, counts what it gets, and leaves nothing behind.
 */
class SourceReadersIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final String NAMES = "größe | \"Two\" words | it's";
  private static final String TEXT = "größe 水 🚰 | \"q\" it's \\ tab\t line\nend";
  private static ConnectorStandIn connector;

  /**
   * A column: how it is made, and the values of its rows, each as SQL and as what Spark is to give.
   *
   * @param carried whether the connector reads it
   */
  private record Model(
      String name, String type, boolean carried, List<String> sql, List<Object> values) {}

  private static Model column(String name, String type, Object... pairs) {
    return made(name, type, true, pairs);
  }

  private static Model made(String name, String type, boolean carried, Object... pairs) {
    List<String> sql = new ArrayList<>();
    List<Object> values = new ArrayList<>();
    for (int i = 0; i < pairs.length; i += 2) {
      sql.add((String) pairs[i]);
      values.add(pairs[i + 1]);
    }
    sql.add("NULL");
    values.add(null);
    return new Model(name, type, carried, sql, values);
  }

  private static final List<Model> COLUMNS =
      List.of(
          column("c_small", "SMALLINT", "-32768", Short.MIN_VALUE, "32767", Short.MAX_VALUE),
          column("c_int", "INTEGER", "-2147483648", Integer.MIN_VALUE, "0", 0),
          column(
              "c_big",
              "BIGINT",
              "-9223372036854775808",
              Long.MIN_VALUE,
              "9223372036854775807",
              Long.MAX_VALUE),
          column(
              "c_dec38",
              "DECIMAL(38,10)",
              "-9999999999999999999999999999.9999999999",
              new BigDecimal("-9999999999999999999999999999.9999999999"),
              "0.0000000001",
              new BigDecimal("0.0000000001")),
          column(
              "c_dec18",
              "DECIMAL(18,4)",
              "99999999999999.9999",
              new BigDecimal("99999999999999.9999"),
              "-1",
              new BigDecimal("-1.0000")),
          column(
              "c_dec9",
              "DECIMAL(9,2)",
              "1234567.89",
              new BigDecimal("1234567.89"),
              "0",
              new BigDecimal("0.00")),
          column("c_real", "REAL", "3.4028235e38", Float.MAX_VALUE, "'NaN'", Float.NaN),
          column(
              "c_double",
              "DOUBLE PRECISION",
              "1.7976931348623157e308",
              Double.MAX_VALUE,
              "'-Infinity'",
              Double.NEGATIVE_INFINITY),
          column("c_bool", "BOOLEAN", "true", true, "false", false),
          column(NAMES, "VARCHAR(200)", literal(TEXT), TEXT, "''", ""),
          column("c_char", "CHAR(3)", "'abc'", "abc", "'a'", "a"),
          column(
              "c_date",
              "DATE",
              "'0001-01-01'",
              LocalDate.of(1, 1, 1),
              "'9999-12-31'",
              LocalDate.of(9999, 12, 31)),
          column(
              "c_timestamp",
              "TIMESTAMP",
              "'1582-10-04 23:59:59.999999'",
              LocalDateTime.parse("1582-10-04T23:59:59.999999"),
              "'2024-03-31 02:30:00.000001'",
              LocalDateTime.parse("2024-03-31T02:30:00.000001")),
          column(
              "c_timestamptz",
              "TIMESTAMPTZ",
              "'2024-02-29 12:00:00.123456+02'",
              Instant.parse("2024-02-29T10:00:00.123456Z"),
              "'1901-01-01 00:00:00-11:30'",
              Instant.parse("1901-01-01T11:30:00Z")),
          column(
              "c_super",
              "SUPER",
              "JSON_PARSE('{\"a\":[1,null,\"ü\"]}')",
              "{\"a\":[1,null,\"ü\"]}",
              "JSON_PARSE('null')",
              "null"),
          made(
              "c_time",
              "TIME",
              false,
              "'23:59:59.123456'",
              "23:59:59.123456",
              "'00:00:00'",
              "00:00:00"),
          made(
              "c_timetz",
              "TIMETZ",
              false,
              "'23:59:59.5+02'",
              "23:59:59.5+02",
              "'01:00+00'",
              "01:00:00+00"),
          made(
              "c_varbyte",
              "VARBYTE(10)",
              false,
              "CAST('\\\\x00ff' AS VARBYTE)",
              "00ff",
              "CAST('\\\\x' AS VARBYTE)",
              ""));

  private static String literal(String text) {
    return "'" + text.replace("\\", "\\\\").replace("'", "''") + "'";
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  @BeforeAll
  static void start(@TempDir Path classes) throws Exception {
    connector = ConnectorStandIn.compiled(classes);
    create("matrix", COLUMNS);
    create("carried", COLUMNS.stream().filter(Model::carried).toList());
    new SourceScene(SANDBOX, "numbers")
        .execute(
            "CREATE TABLE public.numbers (id INTEGER, at DATE, name VARCHAR(20), unused VARCHAR(20))",
            "INSERT INTO public.numbers SELECT n, DATE '2024-01-01' + n % 7, 'n' || n, 'u'"
                + " FROM generate_series(1, 5000) AS g(n)",
            "INSERT INTO public.numbers VALUES (NULL, NULL, 'none', 'u')",
            "CREATE TABLE public.barren (id INTEGER, name VARCHAR(20))");
  }

  private static void create(String table, List<Model> columns) throws Exception {
    List<String> definitions = new ArrayList<>(List.of("id INTEGER"));
    columns.forEach(column -> definitions.add(quoted(column.name()) + " " + column.type()));
    SourceScene scene = new SourceScene(SANDBOX, table);
    scene.execute("CREATE TABLE public." + table + " (" + String.join(", ", definitions) + ")");
    for (int row = 0; row < 3; row++) {
      int at = row;
      List<String> values = new ArrayList<>(List.of(String.valueOf(row)));
      columns.forEach(column -> values.add(column.sql().get(at)));
      scene.execute("INSERT INTO public." + table + " VALUES (" + String.join(", ", values) + ")");
    }
  }

  private static <T> T reading(
      SourceScene scene, ReadContext context, Function<Dataset<Row>, T> work) {
    return connector.beside(
        () -> {
          try (WarehouseReads reads = new WarehouseReads(context)) {
            return work.apply(reads.open(scene.name(), scene.source(), LocalSpark.session()));
          }
        });
  }

  private static <T> T reading(SourceScene scene, Function<Dataset<Row>, T> work) {
    return reading(scene, scene.run(), work);
  }

  private static List<List<Object>> values(Dataset<Row> rows) {
    return rows.orderBy("id").collectAsList().stream()
        .map(
            row -> {
              List<Object> values = new ArrayList<>();
              for (int i = 1; i < row.length(); i++) {
                values.add(comparable(row.get(i)));
              }
              return values;
            })
        .toList();
  }

  private static Object comparable(Object value) {
    if (value instanceof byte[] bytes) {
      return HexFormat.of().formatHex(bytes);
    }
    if (value instanceof java.sql.Timestamp instant) {
      return instant.toInstant();
    }
    if (value instanceof java.sql.Date date) {
      return date.toLocalDate();
    }
    return value;
  }

  /** JSON as the sandbox keeps it has other blanks; its null is NULL. */
  private static List<List<Object>> expected(List<Model> columns) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < 3; row++) {
      List<Object> values = new ArrayList<>();
      for (Model column : columns) {
        Object value = column.values().get(row);
        values.add(
            column.type().equals("SUPER") && value instanceof String json
                ? json.equals("null") ? null : json.replace(":", ": ").replace(",", ", ")
                : value);
      }
      rows.add(values);
    }
    return rows;
  }

  @ParameterizedTest
  @EnumSource(names = {"UNLOAD", "JDBC"})
  void givesEveryValueOfEveryType(Reader reader) throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "matrix").reader(reader);
    StructType schema = reading(scene, Dataset::schema);
    List<List<Object>> values = reading(scene, SourceReadersIT::values);

    assertThat(values).isEqualTo(expected(COLUMNS));
    assertThat(schema.simpleString())
        .isEqualTo(
            "struct<id:int,c_small:smallint,c_int:int,c_big:bigint,c_dec38:decimal(38,10),"
                + "c_dec18:decimal(18,4),c_dec9:decimal(9,2),c_real:float,c_double:double,"
                + "c_bool:boolean,größe | \"two\" words | it's:string,c_char:string,c_date:date,"
                + "c_timestamp:timestamp_ntz,c_timestamptz:timestamp,c_super:string,"
                + "c_time:string,c_timetz:string,c_varbyte:binary>");
    assertThat(schema.apply("c_super").metadata().getBoolean(JsonText.METADATA)).isTrue();
    assertThat(scene.staged()).isEmpty();
  }

  @Test
  void theConnectorsRowsHaveTheSameTypes() throws Exception {
    SourceScene scene =
        new SourceScene(SANDBOX, "carried")
            .reader(Reader.CONNECTOR)
            .role("arn:aws:iam::123456789012:role/unload");
    List<Model> carried = COLUMNS.stream().filter(Model::carried).toList();

    List<List<Object>> values = reading(scene, SourceReadersIT::values);
    StructType schema = reading(scene, Dataset::schema);
    StructType overJdbc = reading(scene.reader(Reader.JDBC), Dataset::schema);

    assertThat(values).isEqualTo(expected(carried));
    assertThat(schema).isEqualTo(overJdbc);
  }

  @Test
  void givesTheConnectorTheseOptionsAndLetsItChooseColumns() {
    SourceScene scene =
        new SourceScene(SANDBOX, "numbers")
            .reader(Reader.CONNECTOR)
            .role("arn:aws:iam::123456789012:role/unload");

    long rows = reading(scene, read -> read.select("name", "id").where("id = 7").count());

    assertThat(rows).isEqualTo(1);
    ConnectorNotes.Read note =
        ConnectorNotes.reads().stream()
            .filter(read -> read.options().getOrDefault("dbtable", "").contains("numbers"))
            .reduce((first, last) -> last)
            .orElseThrow();
    assertThat(note.columns()).containsExactly("id");
    assertThat(note.options())
        .containsEntry("dbtable", "\"public\".\"numbers\"")
        .containsEntry("unload_s3_format", "PARQUET")
        .containsEntry("tempdir_region", "us-east-1")
        .containsEntry("aws_iam_role", "arn:aws:iam::123456789012:role/unload")
        .doesNotContainKeys("query", "forward_spark_s3_credentials");
    assertThat(note.options().get("tempdir")).startsWith("s3a://penstock/unload/numbers/test/");
    assertThat(note.options().get("url")).doesNotContain(SANDBOX.redshift().password());
  }

  @Test
  void theConnectorIsRefusedWhereItIsNotAndWhatItCannotRead() {
    SourceScene scene = new SourceScene(SANDBOX, "matrix").reader(Reader.CONNECTOR);

    PenstockException unreadable = failure(() -> reading(scene, Dataset::count));
    PenstockException missing =
        failure(
            () ->
                new WarehouseReads(scene.run())
                    .open("matrix", scene.source(), LocalSpark.session()));

    assertThat(unreadable.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(unreadable.reason()).contains("c_time");
    assertThat(missing.remedy()).contains("--packages ");
  }

  @Test
  void keysThatAreNotTemporaryAreNotForTheConnector() {
    SourceScene scene = new SourceScene(SANDBOX, "carried").reader(Reader.CONNECTOR);

    PenstockException refused = failure(() -> reading(scene, Dataset::count));

    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
    assertThat(refused.remedy()).contains("unload-credentials.iam-role");
  }

  private static PenstockException failure(
      org.assertj.core.api.ThrowableAssert.ThrowingCallable work) {
    Throwable thrown = org.assertj.core.api.Assertions.catchThrowable(work);
    assertThat(thrown).as("nothing was refused").isNotNull();
    return SparkFailures.translate(thrown, "reading");
  }

  private static SourceRead whole(OpenSource source) {
    return new SourceRead(source.columns(), SourceFilter.NONE);
  }

  private static List<String> sent(WarehouseReads reads, String name) {
    return reads.planned().getOrDefault(name, List.of()).stream()
        .map(SqlStatement::redacted)
        .toList();
  }

  @Test
  void asksForTheColumnsThatAreNeeded() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers");
    try (WarehouseReads reads = new WarehouseReads(scene.run())) {
      Dataset<Row> rows = reads.open("numbers", scene.source(), LocalSpark.session());
      List<Row> found =
          rows.where("id between 10 and 12")
              .selectExpr("upper(name) AS n")
              .orderBy("n")
              .collectAsList();

      assertThat(found).extracting(row -> row.getString(0)).containsExactly("N10", "N11", "N12");
      assertThat(sent(reads, "numbers"))
          .allSatisfy(sql -> assertThat(sql).doesNotContain("unused").doesNotContain("\"at\""))
          .anySatisfy(
              sql ->
                  assertThat(sql)
                      .startsWith(
                          "UNLOAD ('SELECT \"id\", \"name\" FROM (SELECT * FROM \"public\".\"numbers\""
                              + " WHERE \"id\" IS NOT NULL AND \"id\" >= 10 AND \"id\" <= 12) AS"
                              + " \"filtered\"') TO 's3://penstock/unload/numbers/test/")
                      .contains("ACCESS_KEY_ID '***'"));
    }
  }

  @Test
  void countsInTheDatabaseAndLooksAtAFewRowsOverTheConnection() throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "numbers").keep();
    try (WarehouseReads reads = new WarehouseReads(scene.run())) {
      Dataset<Row> rows = reads.open("numbers", scene.source(), LocalSpark.session());

      assertThat(rows.count()).isEqualTo(5001);
      assertThat(rows.limit(1).isEmpty()).isFalse();
      assertThat(rows.limit(3).collectAsList()).hasSize(3);
      assertThat(scene.staged()).isEmpty();
      assertThat(sent(reads, "numbers"))
          .contains(
              "SELECT COUNT(*) FROM \"public\".\"numbers\"",
              "SELECT 1 FROM \"public\".\"numbers\" LIMIT 1",
              "SELECT \"id\", \"at\", \"name\", \"unused\" FROM \"public\".\"numbers\" LIMIT 3");
    }
  }

  @Test
  void unloadsOnceHoweverOftenItIsRead() throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "numbers").keep();
    long before = scene.staged().size();

    reading(
        scene,
        rows -> {
          rows.select("id", "name").collectAsList();
          rows.select("id", "name").where("id > 5").collectAsList();
          return rows.selectExpr("max(id)", "max(name)").collectAsList();
        });

    assertThat(scene.staged().stream().skip(before).filter(key -> key.endsWith("/manifest")))
        .hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(names = {"UNLOAD", "JDBC"})
  void givesNoRowsWhereThereAreNone(Reader reader) throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "barren").reader(reader).ranges("id", 4);

    List<Row> rows = reading(scene, Dataset::collectAsList);
    Long count = reading(scene, Dataset::count);

    assertThat(rows).isEmpty();
    assertThat(count).isZero();
    assertThat(scene.staged()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"UNLOAD", "JDBC"})
  void readsAQuery(Reader reader) {
    SourceScene scene =
        new SourceScene(SANDBOX, "asked")
            .reader(reader)
            .query(
                "with w as (select id, name || ' it''s \\\\ ' || at as text from public.numbers)\n"
                    + "select * from w where text like '%''s%' order by id limit 2 -- two");

    List<Row> rows = reading(scene, read -> read.orderBy("id").collectAsList());

    assertThat(rows)
        .extracting(Row::toString)
        .containsExactly("[1,n1 it's \\ 2024-01-02]", "[2,n2 it's \\ 2024-01-03]");
  }

  @ParameterizedTest
  @EnumSource(names = {"UNLOAD", "JDBC"})
  void givesAllRowsInPartsOfWhichEachRowIsInOne(Reader reader) {
    for (String column : List.of("id", "at")) {
      SourceScene scene = new SourceScene(SANDBOX, "numbers").reader(reader).ranges(column, 5);
      List<Row> rows = reading(scene, read -> read.select("id", "at", "name").collectAsList());

      assertThat(rows).hasSize(5001);
      assertThat(rows.stream().map(row -> row.getString(2)).distinct()).hasSize(5001);
    }
  }

  @Test
  void readsRangesSideBySide() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers").reader(Reader.JDBC).ranges("id", 5);
    OpenSource open = OpenSource.open("numbers", scene.source(), scene.run());

    List<RangePartition> ranges = open.ranges(whole(open));

    assertThat(ranges).hasSize(5);
    assertThat(ranges.stream().mapToLong(RangePartition::rows).sum()).isEqualTo(5001);
    assertThat(ranges).allMatch(range -> range.rows() >= 1000);
  }

  /** One value far from the others would leave ranges of one width empty but for it. */
  @ParameterizedTest
  @ValueSource(strings = {"id", "price", "seen"})
  void rangesHaveAboutAsManyRowsWhateverTheValues(String column) throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "skewed").reader(Reader.JDBC).ranges(column, 4);
    scene.execute(
        "CREATE TABLE IF NOT EXISTS public.skewed (id BIGINT, price DECIMAL(12,2), seen TIMESTAMPTZ)",
        "DELETE FROM public.skewed",
        "INSERT INTO public.skewed SELECT n, n * 0.01, CAST('2024-03-31 00:00:00+01' AS TIMESTAMPTZ)"
            + " + n * INTERVAL '1 second' FROM generate_series(-399, 400) AS g(n)",
        "INSERT INTO public.skewed VALUES (9223372036854775807, 9999999999.99,"
            + " '9999-12-31 23:59:59.999999+00'), (NULL, NULL, NULL)");
    OpenSource open = OpenSource.open("skewed", scene.source(), scene.run());

    List<RangePartition> ranges = open.ranges(whole(open));
    List<Row> rows = reading(scene, Dataset::collectAsList);

    assertThat(ranges).hasSize(4).allMatch(range -> range.rows() >= 200 && range.rows() <= 202);
    assertThat(rows).hasSize(802);
    assertThat(rows.stream().distinct()).hasSize(802);
  }

  @Test
  void aRangeThatChangedIsRefused() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers").reader(Reader.JDBC);
    OpenSource open = OpenSource.open("numbers", scene.source(), scene.run());
    String sql = open.statements().select(open.columns(), "id <= 10").sql();
    JdbcReaders readers = new JdbcReaders("numbers", open.connection(), open.columns());

    PenstockException refused =
        failure(
            () -> {
              try (JdbcRows rows = JdbcRows.open(readers, new RangePartition(sql, 11))) {
                while (rows.next()) {
                  assertThat(rows.get().numFields()).isEqualTo(4);
                }
              }
            });

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.reason()).contains("11 rows").contains("10 when read");
  }

  @Test
  void aColumnThatCannotBeDividedIsRefused() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers").reader(Reader.JDBC);

    assertThat(failure(() -> reading(scene.ranges("name", 3), Dataset::count)).remedy())
        .contains("sources.numbers.jdbc.partition-column");
    assertThat(failure(() -> reading(scene.ranges("nix", 3), Dataset::count)).reason())
        .contains("no such column");
  }

  /** What the driver has not handed out stays with the server, beyond a buffer of 16 MB. */
  @Test
  void aReadOverJdbcHoldsNoMoreThanABufferful() throws Exception {
    try (CountingProxy proxy = new CountingProxy(SANDBOX.redshift().port())) {
      SourceScene scene =
          new SourceScene(SANDBOX, "wide")
              .reader(Reader.JDBC)
              .query("select n, repeat('x', 60000) as t from generate_series(1, 1000) as g(n)");
      scene.connection(through(proxy.port(), scene.source().connection()));
      OpenSource open = OpenSource.open("wide", scene.source(), scene.run());
      JdbcReaders readers = new JdbcReaders("wide", open.connection(), open.columns());

      try (JdbcRows rows = JdbcRows.open(readers, open.ranges(whole(open)).get(0))) {
        assertThat(rows.next()).isTrue();
        long before = -1;
        while (proxy.bytes() > before) {
          before = proxy.bytes();
          Thread.sleep(300);
        }
        assertThat(before).isBetween(1L << 20, 40L << 20);
        int count = 1;
        while (rows.next()) {
          count++;
        }
        assertThat(count).isEqualTo(1000);
      }
      assertThat(proxy.bytes()).isGreaterThan(60_000_000);
    }
  }

  private static RedshiftConnection through(int port, RedshiftConnection straight) {
    return new RedshiftConnection(
        straight.host(),
        straight.port(),
        straight.database(),
        straight.login(),
        straight.tls(),
        Optional.empty(),
        Optional.of("127.0.0.1:" + port));
  }

  /** Counts what the server sends. */
  private static final class CountingProxy extends ForwardingProxy {
    private final AtomicLong bytes = new AtomicLong();

    CountingProxy(int target) throws IOException {
      super(target);
      start();
    }

    long bytes() {
      return bytes.get();
    }

    @Override
    protected void pass(Socket client, Socket server) {
      daemon(() -> copy(client, server, new AtomicLong()));
      daemon(() -> copy(server, client, bytes));
    }

    private static void copy(Socket from, Socket to, AtomicLong count) {
      byte[] buffer = new byte[1 << 16];
      try (from;
          to) {
        int read = from.getInputStream().read(buffer);
        while (read >= 0) {
          to.getOutputStream().write(buffer, 0, read);
          count.addAndGet(read);
          read = from.getInputStream().read(buffer);
        }
      } catch (IOException ended) {
        return;
      }
    }
  }

  @Test
  void autoGoesBySizeAndByWhetherThereIsAPlaceForFiles() throws Exception {
    SourceScene small = new SourceScene(SANDBOX, "numbers").reader(Reader.AUTO);
    assertThat(OpenSource.open("s", small.source(), small.run()).reader()).isEqualTo(Reader.JDBC);

    SourceScene large =
        new SourceScene(SANDBOX, "large")
            .reader(Reader.AUTO)
            .query("select a.id, b.name from public.numbers a, public.numbers b");
    assertThat(OpenSource.open("l", large.source(), large.run()).reader()).isEqualTo(Reader.UNLOAD);
    assertThat(OpenSource.open("l", large.withoutStaging().source(), large.run()).reader())
        .isEqualTo(Reader.JDBC);
  }

  @Test
  void filesOfARunThatDiedGoWithTheNextOne() throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "dead");
    scene.execute(
        "CREATE TABLE public.dead (id INTEGER)", "INSERT INTO public.dead VALUES (1), (2)");
    OpenSource died = OpenSource.open("dead", scene.source(), scene.run());
    died.unload(whole(died));
    List<String> left = scene.staged();

    reading(scene, scene.look(), rows -> rows.collectAsList().size());
    List<String> afterALook = scene.staged();
    int rows = reading(scene, read -> read.collectAsList().size());

    assertThat(left).anyMatch(key -> key.endsWith("/manifest"));
    assertThat(afterALook).isEqualTo(left);
    assertThat(rows).isEqualTo(2);
    assertThat(scene.staged()).isEmpty();
  }

  @Test
  void aFailureLeavesNoFiles() throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "numbers2").query("select * from public.numbers");

    failure(
        () ->
            reading(
                scene,
                rows -> rows.selectExpr("id", "name", "raise_error('canary')").collectAsList()));

    assertThat(scene.staged()).isEmpty();
  }

  @Test
  void rowsThatTheManifestDoesNotHaveAreRefused() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers");
    try (OpenSource open = OpenSource.open("numbers", scene.source(), scene.run())) {
      OpenSource.Unloaded unloaded = open.unload(whole(open));
      UnloadedReaders readers = new UnloadedReaders("numbers", unloaded.folder(), open.columns());
      UnloadedFile file = unloaded.manifest().files().get(0);

      PenstockException refused =
          failure(
              () -> drain(readers, new UnloadedFile(file.key(), file.bytes(), file.rows() + 1)));
      PenstockException missing =
          failure(() -> drain(readers, new UnloadedFile("none", file.bytes(), file.rows())));

      assertThat(refused.code()).isEqualTo(ErrorCode.RECONCILIATION_MISMATCH);
      assertThat(refused.reason()).contains("the manifest says " + (file.rows() + 1));
      assertThat(missing.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    }
  }

  private static long drain(UnloadedReaders readers, UnloadedFile file) throws Exception {
    long rows = 0;
    try (UnloadedBatches batches = UnloadedBatches.open(readers, file)) {
      while (batches.next()) {
        rows += batches.get().numRows();
      }
    }
    return rows;
  }

  @Test
  void aUserWhoMayNotReadIsToldOfGrants() throws Exception {
    SourceScene scene = new SourceScene(SANDBOX, "numbers");
    scene.execute("CREATE USER stranger WITH PASSWORD 'Stranger1canary'");
    scene.connection(scene.connection("stranger", "Stranger1canary"));

    PenstockException refused = failure(() -> reading(scene, Dataset::count));

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.remedy()).contains("grants");
    assertThat(refused.toString()).doesNotContain("canary");
  }

  @Test
  void aWrongPasswordIsASourceThatCannotBeRead() {
    SourceScene scene = new SourceScene(SANDBOX, "numbers");
    scene.connection(scene.connection("awsuser", "canary"));

    PenstockException refused = failure(() -> reading(scene, Dataset::count));

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.problem()).contains("source numbers");
    assertThat(refused.remedy()).contains("connection.password");
    assertThat(refused.toString()).doesNotContain("canary");
  }

  @Test
  void aBucketThatUnloadMayNotWriteIsNamed() {
    StoreLocation.Bucket right = SANDBOX.location("unload/numbers");
    SourceScene scene =
        new SourceScene(SANDBOX, "numbers")
            .staging(new StoreLocation.Bucket("no-such-bucket", "x", right.access()));

    PenstockException refused = failure(() -> reading(scene.keep(), rows -> rows.collectAsList()));

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.reason()).contains("bucket does not exist");
    assertThat(refused.remedy()).contains("unload-credentials");
  }

  @Test
  void credentialsThatMayNotReadTheStagingAreNamed() {
    StoreLocation.Bucket wrong =
        new StoreLocation.Bucket(
            SANDBOX.bucket(), "unload/locked", SANDBOX.access(new Secret.Literal("canary")));
    SourceScene scene =
        new SourceScene(SANDBOX, "numbers")
            .role("arn:aws:iam::123456789012:role/unload")
            .staging(wrong)
            .keep();

    PenstockException refused = failure(() -> reading(scene, rows -> rows.collectAsList()));

    assertThat(refused.code()).isEqualTo(ErrorCode.SOURCE_UNREADABLE);
    assertThat(refused.remedy()).contains("sources.numbers.staging.credentials");
    assertThat(refused.toString()).doesNotContain("canary");
  }

  /** Neither is in what Spark plans, tells its listeners or has as settings. */
  @Test
  void passwordsAndKeysStayOutOfSpark() throws Exception {
    List<String> seen = new CopyOnWriteArrayList<>();
    SparkListener listener =
        new SparkListener() {
          @Override
          public void onOtherEvent(SparkListenerEvent event) {
            if (event instanceof SparkListenerSQLExecutionStart start) {
              seen.add(start.physicalPlanDescription() + start.sparkPlanInfo());
            }
          }
        };
    LocalSpark.session().sparkContext().addSparkListener(listener);
    for (Reader reader : List.of(Reader.UNLOAD, Reader.JDBC)) {
      SourceScene scene = new SourceScene(SANDBOX, "numbers").reader(reader);
      seen.add(
          reading(
              scene,
              rows -> {
                rows.collectAsList();
                return rows.queryExecution().toString() + rows.queryExecution().logical().toJSON();
              }));
    }
    LocalSpark.session().sparkContext().listenerBus().waitUntilEmpty();
    LocalSpark.session().sparkContext().removeSparkListener(listener);
    seen.add(Arrays.toString(LocalSpark.session().sparkContext().getConf().getAll()));
    seen.add(LocalSpark.session().conf().getAll().toString());

    assertThat(String.join("\n", seen))
        .contains("redshift source numbers by UNLOAD", "redshift source numbers by JDBC")
        .doesNotContain(SANDBOX.redshift().password())
        .doesNotContain(SANDBOX.s3().secretKey());
  }

  @Test
  void typesThatSparkDoesNotHaveAreRefusedByName() {
    SourceScene scene =
        new SourceScene(SANDBOX, "odd").query("select 1 as id, interval '1 day' as i");

    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> reading(scene, Dataset::count));

    assertThat(refused.reason()).contains("column i is of type interval");
    assertThat(refused.remedy()).contains("query");
  }
}
