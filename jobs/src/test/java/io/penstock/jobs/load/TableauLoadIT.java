package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.TableauConfig;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunStatus;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The reader's grants are part of the load's transaction, and the data source comes after it. */
final class TableauLoadIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();

  @TempDir private Path folder = Path.of("");

  private LoadScene scene(String name) {
    return new LoadScene(SANDBOX, name)
        .tableau(new TableauConfig(datasource().toString(), name + "_reader", Optional.empty()));
  }

  private Path datasource() {
    return folder.resolve("out").resolve("people.tds");
  }

  private static PenstockException refusal(LoadScene scene, String runId) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () -> scene.loads(runId, Write.APPEND, scene.files(runId, 1, "1,a\n")));
    assertThat(refused).isNotNull();
    return refused;
  }

  @Test
  void aReaderThatIsNotThereUndoesTheLoad() {
    LoadScene scene = scene("unread_table");

    PenstockException refused = refusal(scene, "r1");

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(refused.problem()).contains("the grants to the Tableau reader");
    assertThat(refused.reason()).contains("unread_table_reader", "42704");
    assertThat(scene.query("SELECT tablename FROM pg_tables WHERE tablename = 'unread_table'"))
        .isEmpty();
    assertThat(datasource()).doesNotExist();
  }

  @Test
  void aUserThatMayNotGrantUndoesTheLoad() {
    LoadScene scene = scene("others_table").login("others_loader", "Loader1234");
    scene.query("CREATE USER others_loader PASSWORD 'Loader1234'");
    scene.query("CREATE USER others_table_reader PASSWORD 'Reader1234'");
    scene.query("CREATE SCHEMA " + scene.stateSchema());
    scene.query("GRANT ALL ON SCHEMA " + scene.stateSchema() + " TO others_loader");
    scene.query("CREATE TABLE public.others_table (id INTEGER, email VARCHAR(20))");
    scene.query("GRANT INSERT ON TABLE public.others_table TO others_loader");

    PenstockException refused = refusal(scene, "r1");

    assertThat(refused.code()).isEqualTo(ErrorCode.LOAD_STATEMENT);
    assertThat(refused.reason()).contains("others_table_reader the privilege SELECT");
    assertThat(refused.remedy())
        .endsWith("GRANT SELECT ON TABLE \"public\".\"others_table\" TO \"others_table_reader\"");
    assertThat(scene.query("SELECT count(*) FROM public.others_table")).containsExactly("0");

    scene.query("GRANT SELECT ON TABLE public.others_table TO others_table_reader");
    scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n"));
    assertThat(scene.query("SELECT count(*) FROM public.others_table")).containsExactly("1");
    assertThat(datasource()).content().contains("[public].[others_table]");
  }

  @Test
  void theFileNamesTheTableThatTheRunMade() {
    LoadScene scene = scene("numbered_table").operation(Operation.CREATE_NEW);
    scene.query("CREATE USER numbered_table_reader PASSWORD 'Reader1234'");

    for (String runId : List.of("r1", "r2", "r2")) {
      scene.loads(runId, Write.APPEND, scene.files(runId, 1, "1,a\n"));
      String made = "numbered_table_" + runId.substring(1);
      assertThat(datasource())
          .content()
          .contains("[public].[" + made + "]")
          .contains("caption=\"Numbered Table " + runId.substring(1) + "\"");
      assertThat(
              scene.query(
                  "SELECT has_table_privilege('numbered_table_reader', 'public."
                      + made
                      + "', 'select')"))
          .containsExactly("t");
    }
  }

  @Test
  void aFileThatCannotBeWrittenIsWrittenByTheSameRunAgain() throws Exception {
    LoadScene scene = scene("filed_table");
    scene.query("CREATE USER filed_table_reader PASSWORD 'Reader1234'");
    Path inTheWay = Files.writeString(folder.resolve("out"), "a file where a folder should be");

    PenstockException refused = refusal(scene, "r1");

    assertThat(refused.code()).isEqualTo(ErrorCode.DELIVERY_FAILED);
    assertThat(refused.remedy()).contains("tableau.datasource", "--run-id");
    assertThat(scene.query("SELECT count(*) FROM public.filed_table")).containsExactly("1");

    Files.delete(inTheWay);
    assertThat(scene.loads("r1", Write.APPEND, scene.files("r1", 1, "1,a\n")).status())
        .isEqualTo(RunStatus.ALREADY_DONE);
    assertThat(scene.query("SELECT count(*) FROM public.filed_table")).containsExactly("1");
    assertThat(datasource()).content().contains("caption=\"Filed Table\"");
    assertThat(
            scene.query(
                "SELECT has_table_privilege('filed_table_reader', 'public.filed_table', 'select')"))
        .containsExactly("t");
  }
}
