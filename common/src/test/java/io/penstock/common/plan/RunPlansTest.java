package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.FileCount;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunPlansTest {
  private static final String JOB =
      """
      job = "profiles"
      state = "s3://acme-state/penstock"
      sources { a { format = csv, path = "in.csv" } }
      template {
        columns = [{ name = "id", from = "id", type = "bigint" }]
        on-bad-value = reject
      }
      destinations {
        files {
          type = s3, bucket = "acme-exports", format = csv, encoding = gzip, manifest = true
          prefix = "daily/{{now|format:'yyyy-MM-dd'}}"
        }
        warehouse {
          type = redshift
          connection { host = "h", database = "dev", user = "u", password = "p" }
          staging { bucket = "acme-staging", prefix = "load" }
          table { name = "profiles" }
        }
      }
      """;

  static RunPlan plan(Map<String, String> definitions, String runId) {
    JobFile job =
        JobFiles.parse(
            "job.conf", JOB, Path.of("/jobs"), new Overrides(definitions, Optional.empty()));
    return RunPlans.plan(
        job,
        new RunContext("profiles", runId, Instant.parse("2026-11-01T00:00:00Z"), Optional.empty()));
  }

  private static DeliveryPlan files(RunPlan plan) {
    return ((DestinationPlan.Files) plan.destinations().get(0)).delivery();
  }

  static LoadPlan load(RunPlan plan) {
    return ((DestinationPlan.Table) plan.destinations().get(1)).load();
  }

  @Test
  void filesOfASyncTellAddedChangedAndRemovedRowsApartByTheirNames() {
    Map<String, String> separate =
        Map.of(
            "sync", "{ mode = mirror, keys = [id], state { path = kept } }",
            "destinations.files.changes", "separate",
            "destinations.files.manifest", "false",
            "destinations.warehouse.write", "mirror",
            "destinations.warehouse.keys", "[id]");

    DeliveryPlan files = files(plan(separate, "r1"));

    assertThat(files.grouping().orElseThrow().known())
        .containsExactly("added", "changed", "removed");
    assertThat(Grouping.of(files.fileName().of(1), "added"))
        .isEqualTo("added_profiles_0000001.csv.gz");
  }

  @Test
  void decidesTheNamesOfADelivery() {
    DeliveryPlan delivery = files(plan(Map.of(), "r1"));

    assertThat(delivery.location()).hasToString("s3://acme-exports/daily/2026-11-01");
    assertThat(delivery.fileName().of(3)).isEqualTo("profiles_0000003.csv.gz");
    assertThat(delivery.doneFile()).contains(".DONE");
    assertThat(delivery.manifest()).contains("profiles.manifest");
    assertThat(delivery.mode()).isEqualTo(WriteMode.OVERWRITE);
  }

  @Test
  void appendedNamesOfTwoRunsDiffer() {
    Map<String, String> append = Map.of("destinations.files.mode", "append");
    DeliveryPlan first = files(plan(append, "r/1"));
    DeliveryPlan second = files(plan(append, "r2"));

    assertThat(first.fileName().of(1)).isEqualTo("profiles_r_1_0000001.csv.gz");
    assertThat(first.manifest()).contains("profiles_r_1.manifest");
    assertThat(first.fileName().matches(second.fileName().of(1))).isFalse();
    assertThat(second.manifest()).isNotEqualTo(first.manifest());
  }

  @Test
  void keepsRejectsBelowTheStateUnlessTheFileSaysWhere() {
    DeliveryPlan state = plan(Map.of(), "r1").rejects().orElseThrow();
    DeliveryPlan elsewhere =
        plan(Map.of("rejects.to", "out/rejects"), "r1").rejects().orElseThrow();

    assertThat(state.location()).hasToString("s3://acme-state/penstock/rejects/profiles/r1");
    assertThat(elsewhere.location())
        .isEqualTo(new StoreLocation.Directory("/jobs/out/rejects/profiles/r1"));
    assertThat(plan(Map.of("template.on-bad-value", "fail"), "r1").rejects()).isEmpty();
  }

  @Test
  void stagesBelowJobRunAndDestination() {
    DeliveryPlan staging = load(plan(Map.of(), "r1")).staging().orElseThrow();

    assertThat(staging.location()).hasToString("s3://acme-staging/load/profiles/r1/warehouse");
    assertThat(staging.fileName().of(1)).isEqualTo("part_0000001.csv.gz");
    assertThat(staging.manifest()).contains("manifest");
    assertThat(staging.mode()).isEqualTo(WriteMode.OVERWRITE);
    OutputFormat.Text text = (OutputFormat.Text) staging.format();
    assertThat(text.dialect().nullText()).matches("@NULL[0-9a-f]{24}@");
    assertThat(load(plan(Map.of("destinations.warehouse.loader", "connector"), "r1")).staging())
        .isEmpty();
  }

  @Test
  void stagesFilesOfTheSizeAndNumberThatCopyLikes() {
    Map<String, String> given =
        Map.of(
            "destinations.warehouse.staging.slices", "8",
            "destinations.warehouse.staging.format", "json",
            "destinations.warehouse.staging.compression", "zstd");

    assertThat(load(plan(Map.of(), "r1")).staging().orElseThrow().packing())
        .isEqualTo(Packing.plain(new FileCount.ForCopy(1), Encoding.GZIP));
    assertThat(load(plan(given, "r1")).staging().orElseThrow().packing())
        .isEqualTo(Packing.plain(new FileCount.ForCopy(8), Encoding.ZSTD));
    assertThat(load(plan(given, "r1")).staging().orElseThrow().fileName().of(1))
        .isEqualTo("part_0000001.ndjson.zst");
  }

  @Test
  void setsRefusedRowsOfTextFilesAsideWhereRejectsAreAllowed() {
    String format = "destinations.warehouse.staging.format";

    assertThat(load(plan(Map.of("rejects.max", "7"), "r1")).refused())
        .contains(
            new RefusedRows(
                plan(Map.of(), "r1").rejects().orElseThrow().location(),
                "refused_by_warehouse.ndjson",
                7));
    assertThat(load(plan(Map.of(), "r1")).refused()).isEmpty();
    assertThat(load(plan(Map.of("rejects.max", "7", format, "avro"), "r1")).refused()).isEmpty();
    assertThat(load(plan(Map.of("rejects.max", "7", format, "parquet"), "r1")).refused()).isEmpty();
  }

  @Test
  void stageTablesAreStableDistinctAndShort() {
    String first = load(plan(Map.of(), "r-1")).stageTable().name();

    assertThat(load(plan(Map.of(), "r-1")).stageTable().name()).isEqualTo(first);
    assertThat(first).matches("stage_profiles_warehouse_r_1_[0-9a-f]{16}");
    assertThat(load(plan(Map.of(), "r_1")).stageTable().name()).isNotEqualTo(first);
    assertThat(load(plan(Map.of(), "x".repeat(200))).stageTable().name()).hasSizeLessThan(128);
    assertThat(load(plan(Map.of(), "r-1")).stageTable().schema()).isEqualTo("_penstock");
  }
}
