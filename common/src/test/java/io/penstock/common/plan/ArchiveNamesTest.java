package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.run.RunContext;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The names of docs/s3.md, "Archives". */
class ArchiveNamesTest {
  private static DeliveryPlan plan(String settings) {
    String job =
        """
        job = people
        sources { a { format = csv, path = "in.csv" } }
        destinations { files { type = s3, bucket = exports, format = csv
        %s
        } }
        """
            .formatted(settings);
    RunContext run =
        new RunContext("people", "r1", Instant.parse("2026-11-20T00:00:00Z"), Optional.empty());
    RunPlan plan =
        RunPlans.plan(JobFiles.parse("p.conf", job, Path.of("/jobs"), Overrides.none()), run);
    return ((DestinationPlan.Files) plan.destinations().get(0)).delivery();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "encoding = zip; people.zip; people_0000002.csv",
        "encoding = tgz, mode = append; people_r1.tgz; people_r1_0000002.csv",
        "encoding = zip, pgp { public-key = k }; people.zip.pgp; people_0000002.csv",
        "encoding = tar, pgp { public-key = k, armor = true }; people.tar.asc; people_0000002.csv",
        "encoding = zip, file-name = \"all.zip\"; all.zip; all_0000002.csv",
        "encoding = tgz, file-name = \"all.tar.gz\"; all.tar.gz; all_0000002.csv",
        "encoding = tgz, file-name = \"All.TGZ.pgp\"; All.TGZ.pgp; All_0000002.csv",
        "encoding = zip, files = single, file-name = \"all.zip\"; all.zip; all.csv",
        "encoding = zip, file-name = \"a_{{file_number}}.zip\"; a.zip; a_0000002.csv",
        "encoding = zip, file-name = \"a_{{file_number}}.csv\"; a.zip; a_0000002.csv",
        "encoding = zip, file-name = \"a-{{file_number}}-b.txt\"; a-b.txt.zip; a-0000002-b.txt",
        "encoding = zip, file-name = \"a_{{now|format:'yyyy'}}.csv\"; a_2026.zip; a_2026.csv",
        "encoding = tar, file-name = \"{{file_number}}\"; files.tar; 0000002"
      })
  void theObjectAndTheFilesWithin(String settings, String object, String second) {
    DeliveryPlan plan = plan(settings);
    FileName entries = plan.packing().entries();

    assertThat(plan.fileName().of(7)).isEqualTo(object);
    assertThat(entries == null ? null : entries.of(2)).isEqualTo(second);
  }
}
