package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunStatus;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.jobs.testing.CuttingProxy;
import io.penstock.jobs.testing.CuttingProxy.Fate;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Loads whose connection breaks after each of the requests that the driver sends, which the first
 * load of a kind enumerates, and that run again with the same run id: the table holds what an
 * undisturbed load leaves, once.
 */
final class LoadCutsIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final String ROWS = "2,B\n3,c\n4,d\n";
  private static final String NOTED = "2,B,x\n3,c,y\n4,d,z\n";

  /** What is loaded, and what the table holds then. */
  enum Kind {
    APPEND(Write.APPEND, "1|a", "2|B", "2|b", "3|c", "3|null", "4|d"),
    OVERWRITE(Write.OVERWRITE, "2|B", "3|c", "4|d"),
    UPSERT(Write.UPSERT, "1|a", "2|B", "3|c", "4|d"),
    MIRROR(Write.MIRROR, "2|B", "3|c", "4|d"),
    /** A mirror that has to widen one column and add another. */
    CHANGED(Write.MIRROR, "2|B", "3|c", "4|d"),
    CREATE_NEW(Write.APPEND, "2|B", "3|c", "4|d");

    private final Write write;
    private final List<String> rows;

    Kind(Write write, String... rows) {
      this.write = write;
      this.rows = List.of(rows);
    }
  }

  private static LoadScene scene(String name, Kind kind) {
    LoadScene scene = new LoadScene(SANDBOX, name);
    if (kind == Kind.CHANGED) {
      scene.schemaChange(SchemaChange.ADD_COLUMNS);
      scene.columns(
          LoadScene.COLUMNS.get(0),
          LoadScene.COLUMNS.get(1),
          new Column("note", RedshiftType.varchar(5), true, false));
      scene.query("CREATE TABLE public." + name + " (id INTEGER NOT NULL, email VARCHAR(5))");
      scene.query("INSERT INTO public." + name + " VALUES (1, 'a'), (2, 'b'), (3, NULL)");
      return scene;
    }
    scene.query("CREATE TABLE public." + name + " (id INTEGER NOT NULL, email VARCHAR(20))");
    scene.query("INSERT INTO public." + name + " VALUES (1, 'a'), (2, 'b'), (3, NULL)");
    return kind == Kind.CREATE_NEW ? scene.operation(Operation.CREATE_NEW) : scene;
  }

  @ParameterizedTest
  @EnumSource
  void appliesOnceWhereverTheConnectionBreaks(Kind kind) throws IOException {
    String name = "cut_" + kind.name().toLowerCase(Locale.ROOT);
    List<String> requests = requests(name + "_0", kind);
    assertThat(requests)
        .anyMatch(request -> request.contains("LOCK "))
        .anyMatch(request -> request.contains("COPY "))
        .anyMatch(request -> request.contains("INSERT INTO \"public\""))
        .anyMatch(request -> request.contains("rows_inserted"))
        .last()
        .asString()
        .contains("COMMIT");

    for (int number = 1; number <= requests.size(); number++) {
      isAppliedOnce(name + "_" + number, kind, number, Fate.CUT_AFTER);
    }
    isAppliedOnce(name + "_uncommitted", kind, requests.size(), Fate.CUT_BEFORE);
  }

  private static List<String> requests(String name, Kind kind) throws IOException {
    LoadScene scene = scene(name, kind);
    try (CuttingProxy proxy =
        new CuttingProxy(SANDBOX.redshift().port(), Fate.CUT_AFTER, (number, request) -> false)) {
      scene.port(proxy.port());
      scene.loads("r1", kind.write, files(scene, kind));
      holds(scene, kind, "undisturbed");
      return proxy.requests();
    }
  }

  private static void isAppliedOnce(String name, Kind kind, int number, Fate fate)
      throws IOException {
    LoadScene scene = scene(name, kind);
    String disturbed = "request " + number + ", " + fate;
    try (CuttingProxy proxy =
        new CuttingProxy(
            SANDBOX.redshift().port(), fate, (counted, request) -> counted == number)) {
      scene.port(proxy.port());
      boolean applied = attempt(scene, kind);
      assertThat(proxy.hasCut()).as(disturbed).isTrue();
      scene.port(SANDBOX.redshift().port());
      RunStatus again = scene.loads("r1", kind.write, files(scene, kind)).status();
      assertThat(again)
          .as(disturbed)
          .isEqualTo(applied ? RunStatus.ALREADY_DONE : RunStatus.SUCCEEDED);
    }
    holds(scene, kind, disturbed);
  }

  private static StagedFiles files(LoadScene scene, Kind kind) {
    return scene.files("r1", 3, kind == Kind.CHANGED ? NOTED : ROWS);
  }

  private static boolean attempt(LoadScene scene, Kind kind) {
    try {
      scene.loads("r1", kind.write, files(scene, kind));
      return true;
    } catch (PenstockException broken) {
      assertThat(broken.code()).isEqualTo(ErrorCode.LOAD_CONNECTION);
      return false;
    }
  }

  private static void holds(LoadScene scene, Kind kind, String disturbed) {
    boolean numbered = kind == Kind.CREATE_NEW;
    String table = scene.table() + (numbered ? "_1" : "");
    assertThat(scene.query("SELECT id, email FROM " + table))
        .as(disturbed)
        .containsExactlyInAnyOrderElementsOf(kind.rows);
    if (numbered) {
      assertThat(scene.query("SELECT id, email FROM " + scene.table() + " ORDER BY id"))
          .as(disturbed)
          .containsExactly("1|a", "2|b", "3|null");
      assertThat(scene.query("SELECT to_regclass('" + scene.table() + "_2') IS NULL"))
          .as(disturbed)
          .containsExactly("t");
    }
    if (kind == Kind.CHANGED) {
      assertThat(scene.query("SELECT note FROM " + table + " ORDER BY id"))
          .as(disturbed)
          .containsExactly("x", "y", "z");
    }
    assertThat(scene.query("SELECT run_id, status FROM " + scene.stateSchema() + ".runs"))
        .as(disturbed)
        .containsExactly("r1|succeeded");
    assertThat(scene.stateTables()).as(disturbed).containsExactly("runs");
  }
}
