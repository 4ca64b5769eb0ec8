package io.penstock.sandbox.postgres;

import io.zonky.test.db.postgres.embedded.DefaultPostgresBinaryResolver;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.zip.CRC32;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.compressors.xz.XZCompressorInputStream;

/** PostgreSQL's programs, unpacked once per machine user from the class path. */
final class PostgresBinaries {
  private static final int EXECUTABLE = 0111;

  private PostgresBinaries() {}

  /** The folder with {@code bin/}, {@code lib/} and {@code share/}; unpacks it where missing. */
  static Path unpacked() throws IOException {
    byte[] archive = archive();
    CRC32 checksum = new CRC32();
    checksum.update(archive);
    Path home = cache().resolve("postgres-" + Long.toHexString(checksum.getValue()));
    if (Files.isDirectory(home)) {
      return home;
    }
    Files.createDirectories(home.getParent());
    Path partial = Files.createTempDirectory(home.getParent(), "partial-");
    unpack(archive, partial);
    try {
      Files.move(partial, home, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException
        | DirectoryNotEmptyException
        | AtomicMoveNotSupportedException e) {
      return anotherProcessWas(home, partial, e);
    } catch (FileSystemException e) {
      return anotherProcessWas(home, partial, e);
    }
    return home;
  }

  private static Path anotherProcessWas(Path home, Path partial, IOException failure)
      throws IOException {
    if (!Files.isDirectory(home)) {
      throw failure;
    }
    Folders.delete(partial);
    return home;
  }

  private static Path cache() {
    String configured = System.getenv("XDG_CACHE_HOME");
    Path base =
        configured == null || configured.isBlank()
            ? Path.of(System.getProperty("user.home"), ".cache")
            : Path.of(configured);
    return base.resolve("penstock");
  }

  private static byte[] archive() throws IOException {
    String name = System.getProperty("os.name").toLowerCase(Locale.ROOT);
    String system =
        name.startsWith("mac") ? "Darwin" : name.startsWith("win") ? "Windows" : "Linux";
    String architecture = System.getProperty("os.arch");
    String machine = architecture.equals("amd64") ? "x86_64" : architecture;
    InputStream found = DefaultPostgresBinaryResolver.INSTANCE.getPgBinary(system, machine);
    if (found == null) {
      throw new IOException(
          "No PostgreSQL for " + system + " on " + machine + " is on the sandbox's class path");
    }
    try (found) {
      return found.readAllBytes();
    }
  }

  private static void unpack(byte[] archive, Path folder) throws IOException {
    try (var tar =
        new TarArchiveInputStream(
            new BufferedInputStream(
                new XZCompressorInputStream(new ByteArrayInputStream(archive)), 1 << 16))) {
      TarArchiveEntry entry = tar.getNextEntry();
      while (entry != null) {
        unpackEntry(tar, entry, folder);
        entry = tar.getNextEntry();
      }
    }
  }

  private static void unpackEntry(TarArchiveInputStream tar, TarArchiveEntry entry, Path folder)
      throws IOException {
    Path target = folder.resolve(entry.getName()).normalize();
    if (!target.startsWith(folder)) {
      throw new IOException("The PostgreSQL archive names a file outside itself");
    }
    if (entry.isDirectory()) {
      Files.createDirectories(target);
      return;
    }
    Files.createDirectories(target.getParent());
    if (entry.isSymbolicLink()) {
      Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
    } else if (entry.isLink()) {
      Files.copy(folder.resolve(entry.getLinkName()), target);
    } else {
      Files.copy(tar, target);
      if ((entry.getMode() & EXECUTABLE) != 0) {
        Files.setPosixFilePermissions(target, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }
}
