package io.penstock.jobs.report;

import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.spark.scheduler.SparkListener;
import org.apache.spark.scheduler.SparkListenerStageSubmitted;
import org.apache.spark.scheduler.SparkListenerTaskEnd;

/**
 * What a run is doing, for a person who watches: one line that is redrawn on a terminal, a line for
 * each step elsewhere. The figures are Spark's task metrics, for display only; results count from
 * commit messages.
 */
public final class Progress extends SparkListener implements AutoCloseable {
  private static final long REDRAW_MILLIS = 250;

  private final PrintStream out;
  private final Style style;
  private final long start = System.nanoTime();
  private final AtomicInteger tasks = new AtomicInteger();
  private final AtomicInteger tasksDone = new AtomicInteger();
  private final AtomicLong rows = new AtomicLong();
  private final AtomicLong bytes = new AtomicLong();
  private final ScheduledExecutorService redraw;
  private volatile String step = "";
  private volatile int drawn;

  /** How progress is shown. */
  public enum Style {
    /** One line, redrawn. */
    TERMINAL,
    /** A line for each step. */
    LINES,
    NONE
  }

  public Progress(PrintStream out, Style style) {
    this.out = out;
    this.style = style;
    this.redraw =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread thread = new Thread(task, "penstock-progress");
              thread.setDaemon(true);
              return thread;
            });
    if (style == Style.TERMINAL) {
      redraw.scheduleAtFixedRate(this::draw, REDRAW_MILLIS, REDRAW_MILLIS, TimeUnit.MILLISECONDS);
    }
  }

  /** The style for standard error as it is: a terminal, or a file or pipe. */
  public static Style styleOfConsole() {
    return System.console() != null && !"dumb".equals(System.getenv("TERM"))
        ? Style.TERMINAL
        : Style.LINES;
  }

  /**
   * Starts a step; its counters begin at zero.
   *
   * @param subject the destination or source it is about
   */
  public void step(String subject, String doing) {
    step = subject + ": " + doing;
    tasks.set(0);
    tasksDone.set(0);
    rows.set(0);
    bytes.set(0);
    if (style == Style.LINES) {
      out.println("[" + elapsed() + "] " + step);
    }
  }

  @Override
  public void onStageSubmitted(SparkListenerStageSubmitted submitted) {
    tasks.addAndGet(submitted.stageInfo().numTasks());
  }

  @Override
  public void onTaskEnd(SparkListenerTaskEnd ended) {
    tasksDone.incrementAndGet();
    if (ended.taskMetrics() != null) {
      rows.addAndGet(ended.taskMetrics().inputMetrics().recordsRead());
      bytes.addAndGet(ended.taskMetrics().inputMetrics().bytesRead());
    }
  }

  private synchronized void draw() {
    if (step.isEmpty()) {
      return;
    }
    String line =
        String.format(
            Locale.ROOT,
            "[%s] %s, %d/%d tasks, %,d rows and %s read",
            elapsed(),
            step,
            tasksDone.get(),
            tasks.get(),
            rows.get(),
            Sizes.text(bytes.get()));
    out.print("\r" + line + " ".repeat(Math.max(0, drawn - line.length())));
    out.flush();
    drawn = line.length();
  }

  private String elapsed() {
    return Sizes.seconds(System.nanoTime() - start);
  }

  @Override
  public synchronized void close() {
    redraw.shutdownNow();
    if (drawn > 0) {
      out.print("\r" + " ".repeat(drawn) + "\r");
      out.flush();
      drawn = 0;
    }
  }
}
