package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

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
    return parse(keys, Overrides.none());
  }

  private static RedshiftDestination parse(String keys, Overrides overrides) {
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
        JobFiles.parse("job.conf", job, Path.of("/jobs"), overrides).destinations().get(0);
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
  void refusesKeysThatAreNotCompared() {
    for (String write : List.of("upsert", "mirror")) {
      String keys = "table { name = t }, write = " + write + "\n keys = [b, \"ID\"]";
      String template =
          "[{ name = Id, from = id, type = super }, { name = b, from = b, type = bigint }]";
      Overrides overrides = new Overrides(Map.of("template.columns", template), Optional.empty());

      ConfigurationException refused =
          catchThrowableOfType(ConfigurationException.class, () -> parse(keys, overrides));

      assertThat(refused.problems())
          .singleElement()
          .asString()
          .startsWith(
              "job.conf:8:2: CONFIG_CONFLICT destinations.warehouse.keys: \"Id\" is of type super,"
                  + " which Redshift does not compare; name columns of other types");
    }
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
