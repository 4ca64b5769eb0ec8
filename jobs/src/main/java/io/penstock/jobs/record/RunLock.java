package io.penstock.jobs.record;

import io.penstock.common.config.StoreLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.store.ObjectStore;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Keeps two runs of one job from working at once. On a local state location it is a file lock,
 * which the operating system releases with the process; on S3 a lease that its holder renews and
 * that others may take once it has not been renewed for {@link Lease#EXPIRY}.
 */
public interface RunLock extends AutoCloseable {

  @Override
  void close();

  /**
   * @throws PenstockException {@code TARGET_HELD} where another run holds the job
   */
  static RunLock acquire(StoreLocation location, ObjectStore state, String job, String runId) {
    return acquire(location, state, new Name(job, job, "state"), runId);
  }

  /**
   * The lock of a job's sync at the place of its state.
   *
   * @throws PenstockException {@code TARGET_HELD} where another run holds the sync
   */
  static RunLock acquireSync(StoreLocation location, ObjectStore state, String job, String runId) {
    return acquire(location, state, new Name(job, job + ".sync", "sync.state"), runId);
  }

  /**
   * What a lock is called.
   *
   * @param key of the job file that says where it is
   */
  record Name(String job, String lock, String key) {}

  private static RunLock acquire(
      StoreLocation location, ObjectStore state, Name name, String runId) {
    String job = name.job();
    try {
      if (location instanceof StoreLocation.Directory directory) {
        return Held.file(Path.of(directory.path(), "locks", name.lock() + ".lock"), job);
      }
      return Lease.acquire(state, "locks/" + name.lock() + ".json", job, runId);
    } catch (IOException failure) {
      throw PenstockException.of(
          ErrorCode.STATE_UNREADABLE,
          "the lock of job '" + job + "' could not be taken at " + location,
          String.valueOf(failure.getMessage()),
          "make the location that the key '" + name.key() + "' names writable",
          failure);
    }
  }

  /** Refuses a run because of another. */
  static PenstockException held(String job, String by) {
    return PenstockException.of(
        ErrorCode.TARGET_HELD,
        "another run of job '" + job + "' is under way",
        by,
        "wait for it to end, or end it; the same run id may be started again afterwards");
  }

  /** A lock on a local file. */
  record Held(FileChannel channel) implements RunLock {
    static RunLock file(Path path, String job) throws IOException {
      Files.createDirectories(path.getParent());
      FileChannel channel =
          FileChannel.open(path, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        FileLock lock = channel.tryLock();
        if (lock != null) {
          return new Held(channel);
        }
      } catch (OverlappingFileLockException sameProcess) {
        // falls through: held by another run of this process
      }
      channel.close();
      throw held(job, "it holds the lock file " + path);
    }

    @Override
    public void close() {
      try {
        channel.close();
      } catch (IOException ignored) {
        // the operating system releases it with the process
      }
    }
  }
}
