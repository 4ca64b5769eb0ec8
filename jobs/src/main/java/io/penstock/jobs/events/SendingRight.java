package io.penstock.jobs.events;

import java.time.Duration;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;
import org.apache.spark.scheduler.OutputCommitCoordinator;
import org.jspecify.annotations.Nullable;

/**
 * The right to send the rows of a partition, which the driver gives to one attempt at a time: a
 * speculative copy waits, and takes over where the first attempt fails. It is Spark's coordinator
 * of commits, asked before the first request instead of after the last one: what was sent cannot be
 * taken back.
 */
final class SendingRight {
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(1);

  private SendingRight() {}

  /** Waits until the task may send; without a task it may. */
  static void await(@Nullable TaskContext task, Pauses pauses) throws InterruptedException {
    if (task == null) {
      return;
    }
    OutputCommitCoordinator coordinator = SparkEnv.get().outputCommitCoordinator();
    while (!coordinator.canCommit(
        task.stageId(), task.stageAttemptNumber(), task.partitionId(), task.attemptNumber())) {
      pauses.pause(BETWEEN_QUESTIONS);
    }
  }
}
