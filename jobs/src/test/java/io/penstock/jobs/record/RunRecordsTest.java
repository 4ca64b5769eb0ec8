package io.penstock.jobs.record;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunRecord;
import io.penstock.common.run.RunStatus;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RunRecordsTest {
  private static final Instant MONDAY = Instant.parse("2026-11-16T08:00:00Z");
  private static final Instant TUESDAY = Instant.parse("2026-11-17T08:00:00Z");

  private final MemoryStore store = new MemoryStore();
  private final RunRecords records = new RunRecords(store, "people");

  private static RunRecord run(String runId, RunStatus status, Instant startedAt) {
    return new RunRecord(
        "people",
        runId,
        status,
        startedAt,
        startedAt.plusSeconds(5),
        10,
        0,
        List.of(),
        Optional.empty());
  }

  @Test
  void everyAttemptOfARunHasTheFirstOnesInstant() {
    assertThat(records.startOf("a", MONDAY)).isEqualTo(MONDAY);
    assertThat(records.startOf("a", TUESDAY)).isEqualTo(MONDAY);
    assertThat(records.startOf("b", TUESDAY)).isEqualTo(TUESDAY);
  }

  @Test
  void onlyARunThatSucceededIsDone() {
    assertThat(records.succeeded("a")).isEmpty();
    records.record(run("a", RunStatus.FAILED, MONDAY));
    assertThat(records.succeeded("a")).isEmpty();
    records.record(run("a", RunStatus.SUCCEEDED, MONDAY));
    assertThat(records.succeeded("a")).contains(run("a", RunStatus.SUCCEEDED, MONDAY));
  }

  @Test
  void stepsAreRecordedForEachRun() {
    records.publishing("a");
    records.finished("b");

    assertThat(records.wasPublishing("a")).isTrue();
    assertThat(records.wasPublishing("b")).isFalse();
    assertThat(records.isFinished("a")).isFalse();
    assertThat(records.isFinished("b")).isTrue();
  }

  @Test
  void theLatestRunIsTheOneThatWasStartedLast() {
    records.startOf("a", MONDAY);
    assertThat(records.isLatest("a")).isTrue();
    records.startOf("b", TUESDAY);

    assertThat(records.isLatest("a")).isFalse();
    assertThat(records.isLatest("b")).isTrue();
  }

  @Test
  void historyIsNewestFirstAndOfOneJob() {
    records.record(run("a", RunStatus.SUCCEEDED, MONDAY));
    records.record(run("b", RunStatus.FAILED, TUESDAY));
    new RunRecords(store, "people-two").record(run("c", RunStatus.SUCCEEDED, TUESDAY));

    assertThat(records.history()).extracting(RunRecord::runId).containsExactly("b", "a");
  }

  @Test
  void aDamagedRecordIsNamed() throws IOException {
    store.put("runs/people/a/started.json", "{\"now\":\"soon\"}".getBytes(UTF_8));
    store.put("runs/people/a/result.json", "{".getBytes(UTF_8));

    assertUnreadable(() -> records.startOf("a", MONDAY));
    assertUnreadable(() -> records.succeeded("a"));
  }

  @Test
  void anUnreachableStoreIsSaid() {
    store.reachable(false);

    assertUnreadable(() -> records.startOf("a", MONDAY));
    assertUnreadable(() -> records.publishing("a"));
    assertUnreadable(() -> records.wasPublishing("a"));
    assertUnreadable(records::history);
  }

  private static void assertUnreadable(Runnable reading) {
    assertThatThrownBy(reading::run)
        .isInstanceOfSatisfying(
            PenstockException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNREADABLE);
              assertThat(failure.problem()).contains("runs/people");
            });
  }
}
