package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Application.Operation;
import io.penstock.common.config.Application.SchemaChange;
import io.penstock.common.config.RedshiftDestination.Write;
import io.penstock.common.config.TableDesign.SortKey;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RedshiftTableTest {
  private static RedshiftDestination parse(String keys) {
    String job =
        """
        job = "people-daily"
        sources { a { format = csv, path = "in.csv" } }
        destinations { warehouse {
          type = redshift
          connection { host = "h", database = "dev", user = "u", password = "p" }
          staging { bucket = "acme-staging" }
          %s
        } }
        """
            .formatted(keys);
    return (RedshiftDestination)
        JobFiles.parse("job.conf", job, Path.of("/jobs"), new Overrides(Map.of(), Optional.empty()))
            .destinations()
            .get(0);
  }

  @Test
  void takesTheNameFromWhereItIsTold() {
    assertThat(parse("table { name = \"T 1\" }").table().name()).hasToString("public.T 1");
    assertThat(parse("table { schema = s, name-from = dataset-name }").table().name())
        .hasToString("s.people-daily");
    String id = "845305d8-da3d-4107-a9d6-13ef3f86d4a4";
    assertThat(parse("table { name-from { dataset-id { id = \"" + id + "\" } } }").table().name())
        .hasToString("public." + id);
  }

  @Test
  void leavesWhatIsNotSaidToRedshift() {
    RedshiftDestination plain = parse("table { name = t }");

    assertThat(plain.table().design()).isEqualTo(TableDesign.AUTO);
    assertThat(plain.application())
        .isEqualTo(
            new Application(
                Operation.UPDATE,
                Write.APPEND,
                List.of(),
                SchemaChange.FAIL,
                List.of(),
                List.of()));
  }

  @Test
  void readsEveryKeyOfATable() {
    TableDesign design =
        parse(
                """
                table {
                  name = t, dist-style = key, dist-key = id, sort-key { interleaved = [a, b] }
                  primary-key = [id], encodings { Email = ZSTD, "a.b" = az64 }
                  comment = "people", comments { "full \\"name\\"" = "as entered" }
                }
                """)
            .table()
            .design();

    assertThat(design)
        .isEqualTo(
            new TableDesign(
                "key",
                Optional.of("id"),
                Optional.of(new SortKey.Interleaved(List.of("a", "b"))),
                List.of("id"),
                Map.of("email", "zstd", "a.b", "az64"),
                Optional.of("people"),
                Map.of("full \"name\"", "as entered")));
  }

  @Test
  void readsEverySortKey() {
    assertThat(sortKey("auto")).contains(new SortKey.Auto());
    assertThat(sortKey("null")).isEmpty();
    assertThat(sortKey("[]")).isEmpty();
    assertThat(sortKey("[a]")).contains(new SortKey.Compound(List.of("a")));
    assertThat(sortKey("{ compound = [a, b] }")).contains(new SortKey.Compound(List.of("a", "b")));
  }

  private static Optional<SortKey> sortKey(String value) {
    return parse("table { name = t, sort-key = " + value + " }").table().design().sortKey();
  }

  @Test
  void readsHowRowsAreApplied() {
    Application mirror =
        parse("table { name = t }, write = mirror, keys = [id, Day], schema-change = add-columns")
            .application();

    assertThat(mirror.write()).isEqualTo(Write.MIRROR);
    assertThat(mirror.keys()).containsExactly("id", "Day");
    assertThat(mirror.schemaChange()).isEqualTo(SchemaChange.ADD_COLUMNS);
    assertThat(parse("table { name = t }, operation = create-new").application().operation())
        .isEqualTo(Operation.CREATE_NEW);
  }
}
