package io.penstock.jobs.read.redshift;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.StoreLocation;
import io.penstock.jobs.store.Digests;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.UUID;

/**
 * The folder of one command's unloaded files below a staging prefix: {@code
 * <job>/<digest>/<run|look>-<time>-<random>}. The digest is that of the state location, whose lock
 * keeps two runs of a job apart: among folders that share it, a run's own is the only live one of a
 * run. Other commands take no lock; their folders are dead after a day.
 */
public final class ReadFolder {
  private static final String RUN = "run-";
  private static final String LOOK = "look-";
  private static final Duration LONGEST_LOOK = Duration.ofDays(1);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final int TIME_LENGTH = "20261121T183000Z".length();

  private final String parent;
  private final String name;

  private ReadFolder(JobFile job, String kind) {
    this.parent = job.job() + "/" + digest(job.state().toString());
    this.name =
        kind + TIME.format(Instant.now()) + "-" + UUID.randomUUID().toString().substring(0, 8);
  }

  /** Of a run, which holds the lock of the job. */
  public static ReadFolder ofRun(JobFile job) {
    return new ReadFolder(job, RUN);
  }

  /** Of a command that only looks, such as preview. */
  public static ReadFolder ofLook(JobFile job) {
    return new ReadFolder(job, LOOK);
  }

  private static String digest(String text) {
    byte[] digest = Digests.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Digests.hex(digest).substring(0, 8);
  }

  /** What the folders of the job's commands lie in. */
  StoreLocation.Bucket parent(StoreLocation.Bucket staging) {
    return below(staging, parent);
  }

  /** One place for the files of one UNLOAD. */
  StoreLocation.Bucket of(StoreLocation.Bucket staging, String source, int number) {
    return below(parent(staging), of(source) + number);
  }

  private String of(String source) {
    return name + "/" + source.replaceAll("[^A-Za-z0-9-]", "_") + "-";
  }

  private static StoreLocation.Bucket below(StoreLocation.Bucket location, String prefix) {
    String joined = location.prefix().isEmpty() ? prefix : location.prefix() + "/" + prefix;
    return new StoreLocation.Bucket(location.bucket(), joined, location.access());
  }

  /**
   * Whether this command wrote an object for a source.
   *
   * @param key relative to {@link #parent}
   */
  boolean isOwn(String key, String source) {
    return key.startsWith(of(source));
  }

  /**
   * Whether an object is what a command left behind by dying, as far as this command can tell.
   *
   * @param key relative to {@link #parent}
   */
  boolean isDead(String key) {
    return name.startsWith(RUN)
        && !key.startsWith(name + "/")
        && (key.startsWith(RUN) || key.startsWith(LOOK) && isOld(key));
  }

  private static boolean isOld(String key) {
    int end = LOOK.length() + TIME_LENGTH;
    try {
      return key.length() >= end
          && TIME.parse(key.substring(LOOK.length(), end), Instant::from)
              .isBefore(Instant.now().minus(LONGEST_LOOK));
    } catch (DateTimeParseException foreign) {
      return false;
    }
  }
}
