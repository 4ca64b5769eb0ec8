package io.penstock.jobs.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the columns of the rows tell for the first time: without a template, their types. */
class LoadColumnsTest {
  private static RedshiftDestination destination(String write, String keys) {
    String text =
        """
        job = "people"
        sources { a { format = csv, path = "in.csv" } }
        destinations { warehouse {
          type = redshift
          connection { host = "h", database = "dev", user = "u", password = "p" }
          staging { bucket = "acme-staging" }
          table { name = t }
          write = %s, keys = [%s]
        } }
        """
            .formatted(write, keys);
    return (RedshiftDestination)
        JobFiles.parse("job.conf", text, Path.of("/jobs"), Overrides.none()).destinations().get(0);
  }

  private static Column column(String name, String type) {
    return new Column(name, RedshiftType.parse(type).orElseThrow(), true, false);
  }

  private static final List<Column> COLUMNS =
      List.of(column("Id", "bigint"), column("Tags", "super"), column("note", "varchar(9)"));

  @ParameterizedTest
  @ValueSource(strings = {"upsert", "mirror"})
  void keysAreOfTypesThatAreCompared(String write) {
    assertThatCode(() -> LoadColumns.require(destination(write, "ID, note"), COLUMNS))
        .doesNotThrowAnyException();

    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () -> LoadColumns.require(destination(write, "id, tags"), COLUMNS));

    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
    assertThat(refused.problem()).endsWith("into destination warehouse");
    assertThat(refused.reason()).isEqualTo("key Tags is of type super, which is not compared");
    assertThat(refused.remedy()).isEqualTo("Name keys of other types");
  }

  @ParameterizedTest
  @ValueSource(strings = {"upsert", "mirror"})
  void keysAreColumnsOfTheRows(String write) {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () -> LoadColumns.require(destination(write, "id, email"), COLUMNS));

    assertThat(refused.reason()).isEqualTo("keys names email, which is no column of the rows");
    assertThat(refused.remedy()).isEqualTo("Name one of id, tags, note");
  }
}
