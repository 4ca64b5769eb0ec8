package io.penstock.jobs.report;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import org.junit.jupiter.api.Test;

class ProgressTest {
  private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
  private final PrintStream out = new PrintStream(printed, true, UTF_8);

  @Test
  void aPipeGetsALineForEachStep() {
    try (Progress progress = new Progress(out, Progress.Style.LINES)) {
      progress.step("exports", "staging");
      progress.step("exports", "publishing");
    }

    assertThat(printed.toString(UTF_8).lines().toList())
        .satisfiesExactly(
            line -> assertThat(line).matches("\\[\\d+\\.\\d s] exports: staging"),
            line -> assertThat(line).matches("\\[\\d+\\.\\d s] exports: publishing"));
  }

  @Test
  void aTerminalGetsOneLineThatIsRedrawnAndRemoved() throws Exception {
    try (Progress progress = new Progress(out, Progress.Style.TERMINAL)) {
      progress.step("exports", "staging");
      for (int i = 0; i < 200 && !printed.toString(UTF_8).contains("exports"); i++) {
        Thread.sleep(20);
      }
    }

    assertThat(printed.toString(UTF_8))
        .contains("exports: staging, 0/0 tasks, 0 rows and 0 B read")
        .doesNotContain("\n")
        .endsWith(" \r");
  }

  @Test
  void quietIsSilent() {
    try (Progress progress = new Progress(out, Progress.Style.NONE)) {
      progress.step("exports", "staging");
    }

    assertThat(printed.size()).isZero();
  }
}
