package io.penstock.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The peak heap of a load of ten times the rows into the sandbox's Redshift against that of the
 * rows, as {@link HeapContest} takes it.
 */
record LoadHeapContest() implements Contest {
  private static final int FACTOR = 10;

  @Override
  public String name() {
    return "load.memory";
  }

  @Override
  public String peer() {
    return "copy";
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Path few = setting.lineitem().files(Lineitem.Form.SMALL_GROUPS);
    Path many = setting.lineitem().times(FACTOR).files(Lineitem.Form.SMALL_GROUPS);
    Folder folder = new Folder(setting.output().resolve("sandbox"));
    Folder jobs = new Folder(setting.output().resolve("jobs")).emptied();
    try (SandboxBucket sandbox = SandboxBucket.start(folder)) {
      return HeapProcess.growth(
          this,
          setting.rounds(),
          () -> megabytes(sandbox, jobs.path(), few, FACTOR),
          () -> megabytes(sandbox, jobs.path(), many, 1));
    } finally {
      jobs.delete();
    }
  }

  private static double megabytes(SandboxBucket sandbox, Path jobs, Path source, int times)
      throws IOException, InterruptedException {
    Path job =
        Files.writeString(
            jobs.resolve("load.conf"),
            """
            job = "load-heap"
            state = "%s"
            sources { rows { format = parquet, path = "%s" } }
            destinations { warehouse {
              type = redshift
              %s
              loader = copy, write = overwrite
              table { name = lineitem }
            } }
            spark { "spark.master" = "local[2]" }
            """
                .formatted(jobs.resolve("state"), source, sandbox.warehouse("staging")));
    return HeapProcess.megabytes(LoadHeap.class, List.of(job.toString(), Integer.toString(times)));
  }
}
