package io.penstock.jobs.deliver;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Encoding;
import io.penstock.jobs.testing.Tool;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Archives as other readers see them. */
class ArchiveTest {
  private static final Instant NOW = Instant.parse("2026-11-20T10:20:31.987654Z");
  private static final String LONG_NAME = "day=2026-11-20/" + "n".repeat(240) + ".csv";

  @TempDir private Path directory = Path.of("");

  private static byte[] archive(Encoding encoding, Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Archive archive = Archive.open(encoding, out, NOW)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        try (Archive.Entry entry = archive.begin(file.getKey())) {
          entry.content().write(file.getValue(), 0, file.getValue().length);
          entry.finish();
        }
      }
      archive.finish();
    }
    return out.toByteArray();
  }

  private static Map<String, byte[]> files() {
    Map<String, byte[]> files = new LinkedHashMap<>();
    byte[] random = new byte[Spool.MOST_IN_MEMORY + 12_345];
    new Random(1).nextBytes(random);
    files.put("plain.csv", "id\n1\n".getBytes(StandardCharsets.UTF_8));
    files.put("country=S\u00e3o%2FTom\u00e9/\u6f22 \uD83D\uDE00.csv", new byte[0]);
    files.put(LONG_NAME, new byte[70_000]);
    files.put("large.bin", random);
    return files;
  }

  private Map<String, byte[]> unpacked(Encoding encoding, byte[] archive) throws Exception {
    Path file = Files.write(directory.resolve("archive"), archive);
    Path out = Files.createDirectory(directory.resolve("out"));
    if (encoding == Encoding.ZIP) {
      new Tool("unzip").out("-qq", file.toString(), "-d", out.toString());
    } else {
      String flags = encoding == Encoding.TGZ ? "-xzf" : "-xf";
      new Tool("tar").out(flags, file.toString(), "-C", out.toString());
    }
    Map<String, byte[]> files = new LinkedHashMap<>();
    try (Stream<Path> walk = Files.walk(out)) {
      for (Path path : walk.filter(Files::isRegularFile).toList()) {
        files.put(out.relativize(path).toString(), Files.readAllBytes(path));
      }
    }
    return files;
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"ZIP", "TAR", "TGZ"})
  void theToolsOfTheReceiverUnpackIt(Encoding encoding) throws Exception {
    Map<String, byte[]> expected = files();
    Map<String, byte[]> unpacked = unpacked(encoding, archive(encoding, expected));
    assertThat(unpacked).containsOnlyKeys(expected.keySet());
    expected.forEach((name, content) -> assertThat(unpacked.get(name)).as(name).isEqualTo(content));
  }

  @ParameterizedTest
  @EnumSource(
      value = Encoding.class,
      names = {"ZIP", "TAR", "TGZ"})
  void equalFilesMakeEqualBytes(Encoding encoding) throws IOException {
    assertThat(archive(encoding, files())).isEqualTo(archive(encoding, files()));
  }

  @Test
  void zipEntriesHaveTheTimeOfTheRun() throws IOException {
    Path file = Files.write(directory.resolve("a.zip"), archive(Encoding.ZIP, files()));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.stream())
          .hasSize(4)
          .allSatisfy(entry -> assertThat(entry.getTimeLocal()).isEqualTo("2026-11-20T10:20:30"));
    }
  }

  @Test
  void tarEntriesHaveTheTimeOfTheRunAndNoOwner() throws IOException {
    byte[] tgz = archive(Encoding.TGZ, files());
    List<TarArchiveEntry> entries = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(new ByteArrayInputStream(tgz)), "UTF-8")) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        entries.add(e);
      }
    }
    assertThat(entries)
        .hasSize(4)
        .allSatisfy(
            entry -> {
              assertThat(entry.getLastModifiedTime().toInstant())
                  .isEqualTo(Instant.parse("2026-11-20T10:20:31Z"));
              assertThat(entry.getLongUserId()).isZero();
              assertThat(entry.getUserName()).isEmpty();
            });
  }

  /** The limit of the zip format without Zip64 is 65,535. */
  @Test
  void aZipHasAsManyEntriesAsThereAreFiles() throws IOException {
    int count = 65_540;
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      files.put("f" + i, new byte[0]);
    }
    Path file = Files.write(directory.resolve("many.zip"), archive(Encoding.ZIP, files));
    try (ZipFile zip = new ZipFile(file.toFile())) {
      assertThat(zip.size()).isEqualTo(count);
      ZipEntry last = zip.getEntry("f" + (count - 1));
      try (InputStream content = zip.getInputStream(last)) {
        assertThat(content.readAllBytes()).isEmpty();
      }
    }
  }

  /** The file has no name any more; Linux still shows it to the process that holds it open. */
  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsSpooledToTheDiskCannotBeReadThere() throws IOException {
    byte[] block = "the secret of a customer, again and again ".getBytes(StandardCharsets.UTF_8);
    try (Spool spool = new Spool()) {
      ByteArrayOutputStream written = new ByteArrayOutputStream();
      while (written.size() <= Spool.MOST_IN_MEMORY + (1 << 20)) {
        spool.write(block, 0, block.length);
        written.write(block);
      }
      assertThat(spooled())
          .isNotEmpty()
          .allSatisfy(
              file ->
                  assertThat(Files.readString(file, StandardCharsets.ISO_8859_1))
                      .hasSizeGreaterThan(Spool.MOST_IN_MEMORY)
                      .doesNotContain("customer"));
      try (InputStream content = spool.read()) {
        assertThat(content.readAllBytes()).isEqualTo(written.toByteArray());
      }
    }
    assertThat(spooled()).isEmpty();
  }

  private static List<Path> spooled() throws IOException {
    List<Path> found = new ArrayList<>();
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      for (Path file : open.toList()) {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
            && Files.readSymbolicLink(file).toString().contains("penstock-spool")) {
          found.add(file);
        }
      }
    }
    return found;
  }
}
