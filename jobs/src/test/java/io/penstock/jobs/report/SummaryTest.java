package io.penstock.jobs.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.run.DeliveredFile;
import io.penstock.common.run.DestinationResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class SummaryTest {
  private static RunRecord run(long rejected, DestinationResult... destinations) {
    Instant start = Instant.parse("2026-11-20T08:00:00Z");
    return new RunRecord(
        "people",
        "r1",
        RunStatus.SUCCEEDED,
        start,
        start.plusMillis(12_340),
        1_234_567,
        rejected,
        List.of(destinations),
        Optional.empty());
  }

  private static DestinationResult files(int count, RunStatus status) {
    List<DeliveredFile> files = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      files.add(new DeliveredFile("out/" + i + ".csv", 1000, 2_500_000, "00"));
    }
    return new DestinationResult(
        "files",
        "s3",
        status,
        1000L * count,
        2_500_000L * count,
        files,
        Optional.of("out/.DONE"),
        Optional.empty(),
        Optional.empty());
  }

  private static DestinationResult table(RunStatus status) {
    return new DestinationResult(
        "warehouse",
        "redshift",
        status,
        1_234_567,
        0,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.of(
            new LoadResult(
                "public.people",
                "append",
                OptionalLong.of(1_234_567),
                OptionalLong.empty(),
                OptionalLong.empty(),
                List.of())));
  }

  @Test
  void countsEveryKindOfChangeAndTellsWhatBecameOfTheTable() {
    LoadResult mirror =
        new LoadResult(
            "public.people",
            "mirror",
            OptionalLong.of(1),
            OptionalLong.of(2000),
            OptionalLong.of(0),
            List.of("added column note varchar(20)"));
    DestinationResult plain = table(RunStatus.SUCCEEDED);
    DestinationResult changed =
        new DestinationResult(
            plain.name(),
            plain.type(),
            plain.status(),
            plain.rows(),
            0,
            List.of(),
            Optional.empty(),
            Optional.empty(),
            Optional.of(mirror));

    assertThat(Summary.lines(run(0, changed)))
        .contains(
            "  warehouse: public.people, mirror, 1,234,567 rows, 1 inserted, 2,000 updated,"
                + " 0 deleted",
            "    added column note varchar(20)");
  }

  @Test
  void showsTheFirstFilesAndHowManyMore() {
    assertThat(Summary.lines(run(3, files(5, RunStatus.SUCCEEDED))))
        .containsExactly(
            "people r1: succeeded, 1,234,567 rows (3 rejected) in 12.3 s",
            "  files: 5,000 rows in 5 files, 12.5 MB",
            "    out/1.csv  1,000 rows, 2.5 MB",
            "    out/2.csv  1,000 rows, 2.5 MB",
            "    out/3.csv  1,000 rows, 2.5 MB",
            "    … and 2 more",
            "    out/.DONE");
  }

  @Test
  void tellsALoadFromOneThatWasAppliedBefore() {
    assertThat(Summary.lines(run(0, table(RunStatus.SUCCEEDED))))
        .containsExactly(
            "people r1: succeeded, 1,234,567 rows in 12.3 s",
            "  warehouse: public.people, append, 1,234,567 rows");
    assertThat(Summary.lines(run(0, table(RunStatus.ALREADY_DONE))).get(1))
        .isEqualTo("  warehouse: public.people, append, already applied, 1,234,567 rows");
  }

  @Test
  void saysWhatWasNotReached() {
    assertThat(Summary.lines(run(0, files(0, RunStatus.NOT_STARTED))).get(1))
        .isEqualTo("  files: not started");
  }

  @Test
  void sizesAreDecimal() {
    assertThat(Sizes.text(999)).isEqualTo("999 B");
    assertThat(Sizes.text(1000)).isEqualTo("1.0 kB");
    assertThat(Sizes.text(5_000_000_000_000_000L)).isEqualTo("5000.0 TB");
  }
}
