package io.penstock.jobs.store;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Tries whether a directory can be written, and leaves it as it was. */
public final class DirectoryProbe {
  private final String key;
  private final Path directory;

  /**
   * @param key of the job file that names the directory, for messages
   */
  public DirectoryProbe(String key, Path directory) {
    this.key = key;
    this.directory = directory.toAbsolutePath().normalize();
  }

  /**
   * Writes a small file, reads it, removes it, and with it the directories that had to be made.
   *
   * @return what was found, in a few words
   * @throws PenstockException {@code VERIFICATION_FAILED}
   */
  public String write() {
    List<Path> made = missing();
    try {
      try (ObjectStore store = new DirectoryStore(directory)) {
        writeAndRead(store, Probes.unlikelyName());
      } finally {
        remove(made);
      }
    } catch (IOException e) {
      throw PenstockException.of(
          ErrorCode.VERIFICATION_FAILED,
          directory + " cannot be written",
          e.getClass().getSimpleName() + ": " + e.getMessage(),
          "change " + key + ", or let the user of this process create and write files there",
          e);
    }
    return directory + (made.isEmpty() ? "" : ", which the first run makes");
  }

  /** The directories that do not exist, the innermost first. */
  private List<Path> missing() {
    List<Path> missing = new ArrayList<>();
    for (Path at = directory; at != null && Files.notExists(at); at = at.getParent()) {
      missing.add(at);
    }
    return missing;
  }

  private static void writeAndRead(ObjectStore store, String name) throws IOException {
    store.put(name, Probes.CONTENT);
    try {
      boolean same =
          store.read(name).filter(content -> Arrays.equals(content, Probes.CONTENT)).isPresent();
      if (!same) {
        throw new IOException("a file does not hold what was written into it");
      }
    } finally {
      store.delete(List.of(name));
    }
  }

  /** What another process wrote meanwhile stays. */
  private void remove(List<Path> made) throws IOException {
    try {
      if (Files.isDirectory(directory)) {
        Files.deleteIfExists(directory.resolve(DirectoryStore.STAGING));
      }
      for (Path directoryMade : made) {
        Files.deleteIfExists(directoryMade);
      }
    } catch (DirectoryNotEmptyException used) {
      return;
    }
  }
}
