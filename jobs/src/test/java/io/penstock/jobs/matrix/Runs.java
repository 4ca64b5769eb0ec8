package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.app.PenstockRun;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TimeZone;

/** Runs job files through the command line. */
final class Runs {
  /** Clocks change there; what is delivered must not. */
  private static final TimeZone ZONE = TimeZone.getTimeZone("America/New_York");

  private Runs() {}

  /** Runs each file, all with the same options. */
  static void succeed(List<Path> jobFiles, String... options) {
    for (Path jobFile : jobFiles) {
      PenstockRun run = run(jobFile, options);
      assertThat(run.exitCode()).as(() -> jobFile + " said:\n" + run.err()).isZero();
    }
  }

  /** What a run says that fails. */
  static String fail(Path jobFile) {
    PenstockRun run = run(jobFile);
    assertThat(run.exitCode()).isNotZero();
    return run.out() + run.err();
  }

  private static PenstockRun run(Path jobFile, String... options) {
    List<String> command = new ArrayList<>(List.of("run", jobFile.toString(), "--quiet"));
    command.addAll(List.of(options));
    TimeZone former = TimeZone.getDefault();
    TimeZone.setDefault(ZONE);
    try {
      return PenstockRun.run(Path.of(""), command);
    } finally {
      TimeZone.setDefault(former);
    }
  }
}
