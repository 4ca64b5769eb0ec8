package io.penstock.jobs.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunLockTest {
  @TempDir private Path folder = Path.of("");
  private final MemoryStore unused = new MemoryStore();

  private RunLock acquire(String job, String runId) {
    return RunLock.acquire(new StoreLocation.Directory(folder.toString()), unused, job, runId);
  }

  @Test
  void twoRunsOfOneJobAreKeptApart() {
    try (RunLock first = acquire("people", "first")) {
      assertThatThrownBy(() -> acquire("people", "second"))
          .isInstanceOfSatisfying(
              PenstockException.class,
              refused -> assertThat(refused.code()).isEqualTo(ErrorCode.TARGET_HELD));
    }
    acquire("people", "third").close();
  }

  @Test
  void runsOfTwoJobsAreNot() {
    try (RunLock first = acquire("people", "first");
        RunLock second = acquire("orders", "second")) {
      assertThat(first).isNotEqualTo(second);
    }
  }

  @Test
  void aStateLocationThatCannotBeWrittenIsNamed() throws Exception {
    Path file = Files.writeString(folder.resolve("file"), "");

    assertThatThrownBy(
            () ->
                RunLock.acquire(
                    new StoreLocation.Directory(file.toString()), unused, "people", "first"))
        .isInstanceOfSatisfying(
            PenstockException.class,
            failure -> {
              assertThat(failure.code()).isEqualTo(ErrorCode.STATE_UNREADABLE);
              assertThat(failure.problem()).contains(file.toString());
            });
  }
}
