package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class FileSizingTest {

  /** The smallest multiple that gives every task a file, shared as evenly as can be. */
  @Test
  void tasksTogetherMakeAMultiple() {
    for (int multiple = 1; multiple <= 40; multiple++) {
      for (int tasks = 1; tasks <= 100; tasks++) {
        int all = 0;
        int least = Integer.MAX_VALUE;
        int most = 0;
        for (int task = 0; task < tasks; task++) {
          int files = FileSizing.filesOfTask(task, tasks, multiple);
          all += files;
          least = Math.min(least, files);
          most = Math.max(most, files);
        }
        assertThat(all % multiple).isZero();
        assertThat(all).isBetween(tasks, tasks + multiple - 1);
        assertThat(least).isPositive();
        assertThat(most - least).isLessThanOrEqualTo(1);
      }
    }
  }
}
