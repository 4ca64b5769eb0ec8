package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Grant;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.TableDesign;
import io.penstock.common.config.TableDesign.SortKey;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.jobs.testing.SandboxProcess;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Which tables loads make, how they make them, and what they change about those that exist. */
final class TablesIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final Column ID = LoadScene.COLUMNS.get(0);
  private static final Column NOTE = new Column("Note", RedshiftType.varchar(9), false, false);

  private static LoadScene scene(String name) {
    return new LoadScene(SANDBOX, "tables_" + name);
  }

  private static LoadScene numbered(String name) {
    return scene(name).operation(Operation.CREATE_NEW);
  }

  private static LoadResult loads(LoadScene scene, String runId, String... rows) {
    return scene
        .loads(runId, Write.APPEND, scene.files(runId, rows.length, rows))
        .load()
        .orElseThrow();
  }

  private static List<String> tables(LoadScene scene) {
    return scene.query(
        "SELECT table_name FROM information_schema.tables WHERE table_schema = 'public' AND"
            + " table_name LIKE '"
            + scene.table().substring("public.".length())
            + "%' ORDER BY table_name");
  }

  @Test
  void numbersATableForEachRun() {
    LoadScene scene = numbered("counted").grants(new Grant("select", "public"));

    LoadResult first = loads(scene, "r1", "1,a\n");
    LoadResult second = loads(scene, "r2", "2,b\n");

    assertThat(first.table()).isEqualTo("public.tables_counted_1");
    assertThat(first.operation()).isEqualTo("create-new");
    assertThat(second.table()).isEqualTo("public.tables_counted_2");
    assertThat(scene.query("SELECT id FROM public.tables_counted_1")).containsExactly("1");
    assertThat(scene.query("SELECT id FROM public.tables_counted_2")).containsExactly("2");
    assertThat(scene.query("SELECT \"table\" FROM " + scene.stateSchema() + ".runs ORDER BY 1"))
        .containsExactly("public.tables_counted_1", "public.tables_counted_2");
    assertThat(scene.query("SELECT relacl FROM pg_class WHERE relname = 'tables_counted_2'"))
        .singleElement()
        .asString()
        .contains("=r/");
  }

  @Test
  void findsTheTableOfARunThatRunsAgain() {
    LoadScene scene = numbered("again");
    loads(scene, "r1", "1,a\n");
    loads(scene, "r2", "2,b\n");

    DestinationResult again = scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));

    assertThat(again.status()).isEqualTo(RunStatus.ALREADY_DONE);
    assertThat(again.load().orElseThrow().table()).isEqualTo("public.tables_again_1");
    assertThat(tables(scene)).containsExactly("tables_again_1", "tables_again_2");
  }

  @Test
  void neverWritesIntoATableThatItDidNotMakeNorGivesANumberTwice() {
    LoadScene scene = numbered("foreign");
    scene.query("CREATE TABLE public.tables_foreign_2 (id INTEGER, email VARCHAR(20))");
    scene.query("CREATE VIEW public.tables_foreign_4 AS SELECT 1 AS one");

    List<String> made =
        IntStream.rangeClosed(1, 3)
            .mapToObj(i -> loads(scene, "r" + i, i + ",a\n").table())
            .toList();
    scene.query("DROP TABLE public.tables_foreign_5");
    LoadResult next = loads(scene, "r4", "4,a\n");

    assertThat(made)
        .containsExactly(
            "public.tables_foreign_1", "public.tables_foreign_3", "public.tables_foreign_5");
    assertThat(next.table()).isEqualTo("public.tables_foreign_6");
    assertThat(scene.query("SELECT COUNT(*) FROM public.tables_foreign_2")).containsExactly("0");
  }

  @Test
  void givesTheNumberOfARunThatFailedToTheNext() {
    LoadScene scene = numbered("failed").postSql("SELECT * FROM public.no_such_table");
    PenstockException failed =
        catchThrowableOfType(PenstockException.class, () -> loads(scene, "r1", "1,a\n"));
    assertThat(failed.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(tables(scene)).isEmpty();

    assertThat(loads(numbered("failed"), "r2", "2,b\n").table())
        .isEqualTo("public.tables_failed_1");
  }

  @Test
  void givesRunsAtTheSameTimeATableEach() {
    LoadScene scene = numbered("raced");
    List<CompletableFuture<LoadResult>> runs =
        IntStream.rangeClosed(1, 4)
            .mapToObj(i -> CompletableFuture.supplyAsync(() -> loads(scene, "r" + i, i + ",a\n")))
            .toList();

    List<String> made = runs.stream().map(run -> run.join().table()).sorted().toList();

    assertThat(made)
        .containsExactly(
            "public.tables_raced_1",
            "public.tables_raced_2",
            "public.tables_raced_3",
            "public.tables_raced_4");
    assertThat(made.stream().flatMap(t -> scene.query("SELECT id FROM " + t).stream()).sorted())
        .containsExactly("1", "2", "3", "4");
  }

  @Test
  void makesTheTableAsItIsDesigned() {
    LoadScene scene =
        scene("designed")
            .columns(
                ID,
                NOTE,
                new Column("amount", RedshiftType.decimal(18, 2), true, false),
                new Column("doc", RedshiftType.of(Kind.SUPER), true, false))
            .design(
                new TableDesign(
                    "key",
                    Optional.of("id"),
                    Optional.of(new SortKey.Interleaved(List.of("note", "ID"))),
                    List.of("id"),
                    Map.of("note", "zstd", "amount", "az64"),
                    Optional.of("it's \"designed\"; --"),
                    Map.of("note", "a\\b")));

    loads(scene, "r1", "1,x,1.00,\"[1]\"\n");

    assertThat(
            scene.query(
                "SELECT column_name, data_type, is_nullable, encoding, distkey, sortkey, remarks FROM"
                    + " svv_redshift_columns WHERE table_name = 'tables_designed' ORDER BY"
                    + " ordinal_position"))
        .containsExactly(
            "id|integer|NO|none|t|-2|null",
            "note|character varying(9)|NO|zstd|f|1|a\\b",
            "amount|numeric(18,2)|YES|az64|f|0|null",
            "doc|super|YES|none|f|0|null");
    assertThat(
            scene.query("SELECT obj_description('public.tables_designed'::regclass, 'pg_class')"))
        .containsExactly("it's \"designed\"; --");
    assertThat(
            scene.query(
                "SELECT contype FROM pg_constraint WHERE conrelid = 'public.tables_designed'::regclass"
                    + " AND contype = 'p'"))
        .containsExactly("p");
  }

  @Test
  void addsColumnsAndWidensTextWhereItMay() {
    LoadScene scene = scene("changed").columns(ID, LoadScene.COLUMNS.get(1), NOTE);
    scene.query(
        "CREATE TABLE public.tables_changed (id INTEGER, email VARCHAR(5), other DATE, wide VARCHAR(9))");
    scene.query("INSERT INTO public.tables_changed VALUES (1, 'old', '2026-01-01', 'w')");
    scene.schemaChange(SchemaChange.ADD_COLUMNS);

    LoadResult changed = loads(scene, "r1", "2,longer than five,x\n");
    LoadResult unchanged = loads(scene, "r2", "3,c,y\n");

    assertThat(changed.schemaChanges())
        .containsExactly(
            "widened column email from character varying(5) to varchar(20)",
            "added column Note varchar(9)");
    assertThat(unchanged.schemaChanges()).isEmpty();
    assertThat(
            scene.query(
                "SELECT id, email, other, wide, note FROM public.tables_changed ORDER BY id"))
        .containsExactly(
            "1|old|2026-01-01|w|null", "2|longer than five|null|null|x", "3|c|null|null|y");
    assertThat(types(scene))
        .containsExactly(
            "id|integer|YES",
            "email|character varying(20)|YES",
            "other|date|YES",
            "wide|character varying(9)|YES",
            "note|character varying(9)|YES");
  }

  private static List<String> types(LoadScene scene) {
    return scene.query(
        "SELECT column_name, data_type, is_nullable FROM svv_redshift_columns WHERE table_name = '"
            + scene.table().substring("public.".length())
            + "' ORDER BY ordinal_position");
  }

  @Test
  void takesAnAddedColumnBackWithTheLoadThatFailed() {
    LoadScene scene = scene("undone").columns(ID, NOTE).schemaChange(SchemaChange.ADD_COLUMNS);
    scene.query("CREATE TABLE public.tables_undone (id INTEGER)");
    scene.postSql("SELECT * FROM public.no_such_table");

    PenstockException failed =
        catchThrowableOfType(PenstockException.class, () -> loads(scene, "r1", "1,x\n"));

    assertThat(failed.problem()).contains("post-sql statement 1");
    assertThat(types(scene)).containsExactly("id|integer|YES");
  }

  @Test
  void changesColumnsOfItsOwnTablesAlone() {
    LoadScene scene =
        scene("not_its_own")
            .columns(ID, NOTE)
            .schemaChange(SchemaChange.ADD_COLUMNS)
            .login("column_loader", "Loader1234");
    scene.query("CREATE USER column_loader PASSWORD 'Loader1234'");
    scene.query("CREATE SCHEMA " + scene.stateSchema());
    scene.query("GRANT ALL ON SCHEMA " + scene.stateSchema() + " TO column_loader");
    scene.query("CREATE TABLE public.tables_not_its_own (id INTEGER)");
    scene.query("GRANT INSERT ON TABLE public.tables_not_its_own TO column_loader");

    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> loads(scene, "r1", "1,x\n"));

    assertThat(refused.reason()).contains("must be owner of", "SQLSTATE 42501");
    assertThat(refused.remedy()).contains("the command grants prints");
    assertThat(types(scene)).containsExactly("id|integer|YES");

    scene.query("ALTER TABLE public.tables_not_its_own OWNER TO column_loader");
    assertThat(loads(scene, "r1", "1,x\n").schemaChanges())
        .containsExactly("added column Note varchar(9)");
  }

  @Test
  void neverShortensAColumnThatAnotherRunWidens() {
    LoadScene scene = scene("widest");
    scene.query("CREATE TABLE public.tables_widest (id INTEGER, email VARCHAR(5))");

    List<CompletableFuture<LoadResult>> runs =
        IntStream.of(60, 20, 40)
            .mapToObj(
                length ->
                    CompletableFuture.supplyAsync(
                        () ->
                            loads(
                                scene("widest")
                                    .schemaChange(SchemaChange.ADD_COLUMNS)
                                    .columns(
                                        ID,
                                        new Column(
                                            "email", RedshiftType.varchar(length), true, false)),
                                "r" + length,
                                length + "," + "x".repeat(length) + "\n")))
            .toList();
    runs.forEach(CompletableFuture::join);

    assertThat(scene.query("SELECT LEN(email) FROM public.tables_widest ORDER BY 1"))
        .containsExactly("20", "40", "60");
    assertThat(types(scene)).contains("email|character varying(60)|YES");
  }

  @Test
  void refusesWhatWouldNarrowOrCannotBeFilled() {
    LoadScene scene = scene("strict").schemaChange(SchemaChange.ADD_COLUMNS);
    scene.query(
        "CREATE TABLE public.tables_strict (id SMALLINT, email VARCHAR(20), must INTEGER NOT NULL)");
    LoadScene mandatory = scene("mandatory");
    mandatory.query(
        "CREATE TABLE public.tables_mandatory (id INTEGER, email VARCHAR(20), n INTEGER IDENTITY(1,1),"
            + " d INTEGER NOT NULL DEFAULT 7, must INTEGER NOT NULL)");

    PenstockException narrow = refusal(scene);
    PenstockException unfilled = refusal(mandatory);
    mandatory.query("ALTER TABLE public.tables_mandatory DROP COLUMN must");
    loads(mandatory, "r2", "1,a\n");

    assertThat(narrow.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(narrow.reason()).contains("smallint");
    assertThat(unfilled.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(unfilled.problem()).contains("without column must");
    assertThat(mandatory.query("SELECT id, n, d FROM public.tables_mandatory"))
        .containsExactly("1|1|7");
  }

  private static PenstockException refusal(LoadScene scene) {
    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> loads(scene, "r1", "1,a\n"));
    assertThat(refused).isNotNull();
    return refused;
  }

  @Test
  void refusesRowsWhoseColumnsRedshiftTakesForOne() {
    LoadScene scene =
        scene("folded").columns(ID, NOTE, new Column("nOTE", NOTE.type(), true, false));

    PenstockException refused = refusal(scene);

    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
    assertThat(refused.reason()).contains("\"Note\" and \"nOTE\"");
    assertThat(tables(scene)).isEmpty();
  }

  @Test
  void tellsOfAWideningThatATableRefuses() throws SQLException {
    LoadScene scene = scene("viewed").schemaChange(SchemaChange.ADD_COLUMNS);
    scene.query("CREATE TABLE public.tables_viewed (id INTEGER, email VARCHAR(5))");
    scene.query("CREATE VIEW public.tables_view AS SELECT email FROM public.tables_viewed");

    PenstockException refused = refusal(scene);

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(refused.problem()).contains("ALTER TABLE for column email");
    assertThat(types(scene)).contains("email|character varying(5)|YES");
  }
}
