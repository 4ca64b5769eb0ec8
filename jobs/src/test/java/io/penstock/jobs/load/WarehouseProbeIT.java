package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.plan.CopyAuthorization;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.store.ObjectStores;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** What a probe says of a warehouse, and that the warehouse is the same afterwards. */
final class WarehouseProbeIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final String USER = "probing";
  private static final String PASSWORD = "Probing1234";
  private static final String CATALOG =
      "SELECT n.nspname, c.relname FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON"
          + " n.oid = c.relnamespace WHERE c.relkind = 'r' UNION ALL"
          + " SELECT nspname, '' FROM pg_catalog.pg_namespace ORDER BY 1, 2";

  private List<String> before = List.of();

  @BeforeAll
  static void user() {
    scene("user").query("CREATE USER " + USER + " PASSWORD '" + PASSWORD + "'");
  }

  private static LoadScene scene(String name) {
    return new LoadScene(SANDBOX, "probe_" + name);
  }

  private static WarehouseProbe probe(LoadScene scene, Write write) {
    return new WarehouseProbe(
        scene.plan("probe", write),
        LoadScene.SECRETS,
        access ->
            new CopyAuthorization.Keys(
                SANDBOX.s3().accessKey(), SANDBOX.s3().secretKey(), Optional.empty()));
  }

  private static PenstockException refusal(Executable attempt) {
    PenstockException refused = catchThrowableOfType(PenstockException.class, attempt::execute);
    assertThat(refused).isNotNull();
    return refused;
  }

  private static ObjectStore staging(LoadScene scene) {
    return ObjectStores.open(scene.destination(Write.APPEND).staging().location());
  }

  @BeforeEach
  void remember() {
    before = scene("any").query(CATALOG);
  }

  /** After what a test itself created is gone. */
  @AfterEach
  void nothingIsLeft() {
    for (String name : new String[] {"theirs", "narrow", "held"}) {
      scene("any").query("DROP TABLE IF EXISTS public.probe_" + name);
      scene("any").query("DROP SCHEMA IF EXISTS _state_probe_" + name + " CASCADE");
    }
    scene("any").query("REVOKE ALL ON SCHEMA public FROM " + USER);
    // as Redshift has it
    scene("any").query("GRANT CREATE ON SCHEMA public TO PUBLIC");
    assertThat(scene("any").query(CATALOG)).isEqualTo(before);
  }

  @Test
  void aWarehouseThatHasEverything() throws IOException {
    LoadScene scene = scene("all");
    WarehouseProbe probe = probe(scene, Write.OVERWRITE);

    assertThat(probe.connect()).contains("user " + SANDBOX.redshift().user());
    assertThat(probe.listSchemas()).endsWith(" schemas");
    assertThat(probe.stateSchema())
        .isEqualTo(scene.stateSchema() + ", which the first run creates");
    assertThat(probe.targetSchema()).isEqualTo("table public.probe_all can be created");
    assertThat(probe.target(LoadScene.COLUMNS)).isEqualTo("the table does not exist yet");
    try (ObjectStore staging = staging(scene)) {
      assertThat(probe.copy(staging)).startsWith("s3://penstock/staging/probe_all/");
      assertThat(staging.list("")).isEmpty();
    }
  }

  @Test
  void aLedgerThatIsThereStaysAsItIs() {
    LoadScene scene = scene("held");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,old\n"));
    WarehouseProbe probe = probe(scene, Write.OVERWRITE);

    assertThat(probe.stateSchema()).isEqualTo(scene.stateSchema());
    assertThat(probe.targetSchema()).isEqualTo("table public.probe_held exists");
    assertThat(probe.target(LoadScene.COLUMNS)).isEqualTo("2 of its 2 columns");

    assertThat(scene.query("SELECT run_id, status FROM " + scene.stateSchema() + ".runs"))
        .containsExactly("r1|succeeded");
  }

  @Test
  void aUserWithoutRightsOnTheStateSchema() {
    LoadScene nobody = scene("theirs").login(USER, PASSWORD);

    PenstockException missing = refusal(probe(nobody, Write.APPEND)::stateSchema);
    assertThat(missing.code()).isEqualTo(ErrorCode.VERIFICATION_FAILED);
    assertThat(missing.reason()).contains("permission denied for database").contains("42501");
    assertThat(missing.remedy()).contains("create schema _state_probe_theirs", "state-schema");

    nobody.query("CREATE SCHEMA _state_probe_theirs");
    PenstockException closed = refusal(probe(nobody, Write.APPEND)::stateSchema);
    assertThat(closed.reason()).contains("permission denied for schema _state_probe_theirs");

    nobody.query("GRANT USAGE, CREATE ON SCHEMA _state_probe_theirs TO " + USER);
    assertThat(probe(nobody, Write.APPEND).stateSchema()).isEqualTo("_state_probe_theirs");
  }

  @Test
  void aUserWithoutRightsOnTheTargetSchemaOrTheTable() {
    LoadScene nobody = scene("theirs").login(USER, PASSWORD);
    nobody.query("REVOKE CREATE ON SCHEMA public FROM PUBLIC");

    PenstockException closed = refusal(probe(nobody, Write.APPEND)::targetSchema);
    assertThat(closed.reason()).contains("permission denied for schema public");
    assertThat(closed.remedy()).contains("GRANT CREATE, USAGE ON SCHEMA public", "table.schema");

    nobody.query("GRANT USAGE, CREATE ON SCHEMA public TO " + USER);
    assertThat(probe(nobody, Write.APPEND).targetSchema()).contains("can be created");

    nobody.query("CREATE TABLE public.probe_theirs (id INTEGER)");
    nobody.query("GRANT SELECT, INSERT ON public.probe_theirs TO " + USER);
    assertThat(probe(nobody, Write.APPEND).targetSchema()).contains("exists");
    PenstockException kept = refusal(probe(nobody, Write.OVERWRITE)::targetSchema);
    assertThat(kept.reason()).contains("no delete privilege");
    assertThat(kept.remedy()).contains("GRANT INSERT, DELETE ON public.probe_theirs", "table.name");
  }

  @Test
  void aTableThatDoesNotTakeTheRows() {
    LoadScene scene = scene("narrow");
    scene.query("CREATE TABLE public.probe_narrow (id INTEGER, email VARCHAR(5))");
    List<Column> columns =
        List.of(
            LoadScene.COLUMNS.get(0), new Column("email", RedshiftType.varchar(20), true, true));

    PenstockException narrow = refusal(() -> probe(scene, Write.APPEND).target(columns));

    assertThat(narrow.code()).isEqualTo(ErrorCode.LOAD_TARGET_MISMATCH);
    assertThat(narrow.problem()).contains("does not take column email");
  }

  @Test
  void aTableOfAnotherThatLacksColumns() {
    String changes = "1 columns will be added and 0 widened";
    LoadScene scene = scene("narrow").schemaChange(SchemaChange.ADD_COLUMNS);
    scene.query("CREATE TABLE public.probe_narrow (id INTEGER)");
    scene.query("GRANT INSERT ON public.probe_narrow TO " + USER);

    assertThat(probe(scene, Write.APPEND).target(LoadScene.COLUMNS)).isEqualTo(changes);

    scene.login(USER, PASSWORD);
    assertThat(probe(scene, Write.APPEND).target(LoadScene.COLUMNS))
        .startsWith(changes + ", which asks for ALTER on the table: another user than " + USER);

    scene.query("ALTER TABLE public.probe_narrow OWNER TO " + USER);
    assertThat(probe(scene, Write.APPEND).target(LoadScene.COLUMNS)).isEqualTo(changes);
  }

  @Test
  void copyThatMayNotReadLeavesNoFile() throws IOException {
    LoadScene scene = scene("unread");
    WarehouseProbe probe =
        new WarehouseProbe(
            scene.plan("probe", Write.APPEND),
            LoadScene.SECRETS,
            access -> new CopyAuthorization.Keys("nobody", "canary9f3e", Optional.empty()));

    try (ObjectStore staging = staging(scene)) {
      PenstockException unread = refusal(() -> probe.copy(staging));

      assertThat(unread.code()).isEqualTo(ErrorCode.VERIFICATION_FAILED);
      assertThat(unread.remedy()).contains("staging.credentials", "staging.region");
      assertThat(unread.toString()).doesNotContain("canary9f3e");
      assertThat(staging.list("")).isEmpty();
    }
  }

  @Test
  void stagingThatCannotBeWritten() {
    LoadScene scene = scene("unstaged");
    StoreLocation.Bucket real = scene.destination(Write.APPEND).staging().location();

    try (ObjectStore elsewhere =
        ObjectStores.open(new StoreLocation.Bucket("no-such-bucket", "", real.access()))) {
      PenstockException unstaged = refusal(() -> probe(scene, Write.APPEND).copy(elsewhere));

      assertThat(unstaged.remedy()).contains("staging.bucket");
    }
  }

  @Test
  void aLedgerThatARunHoldsIsNotWaitedForLong() throws Exception {
    LoadScene scene = scene("held");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,old\n"));
    try (Connection run = scene.connect();
        Statement statement = run.createStatement()) {
      run.setAutoCommit(false);
      statement.execute("LOCK " + scene.stateSchema() + ".runs");
      WarehouseProbe probe = probe(scene, Write.APPEND);

      Thread other = new Thread(() -> cancelSoon(probe));
      other.start();
      PenstockException held = refusal(probe::stateSchema);
      other.join();

      assertThat(held.reason()).contains("may hold");
      assertThat(held.remedy()).contains("state-schema");
      run.rollback();
    }
  }

  /** As a signal does; without one the probe gives up after half a minute. */
  private static void cancelSoon(WarehouseProbe probe) {
    try {
      Thread.sleep(2000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    probe.cancel();
  }
}
