package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.jobs.testing.GnuPg;
import io.penstock.jobs.testing.Tool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** What a receiver has done to delivered objects before a file is read: decrypted and unpacked. */
final class Received {
  private static final Tool UNZIP = new Tool("unzip");
  private static final Tool TAR = new Tool("tar");
  private static final Tool GZIP = new Tool("gzip");

  private final Path directory;
  private final Map<String, Path> files = new HashMap<>();
  private int count;

  Received(Path directory) throws IOException {
    this.directory = Files.createDirectories(directory);
  }

  /**
   * A file as its writer named it.
   *
   * @param name with the folders above it, below the destination's prefix
   */
  record OneFile(String name, Path path) {}

  /** Keeps an object under a name that every tool can take. */
  void add(String key, byte[] content) throws IOException {
    count++;
    files.put(key, Files.write(directory.resolve("object-" + count), content));
  }

  byte[] bytes(String key) throws IOException {
    return Files.readAllBytes(path(key));
  }

  Path path(String key) {
    Path path = files.get(key);
    if (path == null) {
      throw new IllegalArgumentException(key);
    }
    return path;
  }

  /** Decrypts objects, all in one call, and returns the good signatures that gpg saw. */
  long decrypt(GnuPg gpg, List<String> keys) throws IOException, InterruptedException {
    List<String> arguments = new ArrayList<>(List.of("--status-fd", "1", "--decrypt-files"));
    for (String key : keys) {
      assertThat(new String(bytes(key), StandardCharsets.ISO_8859_1))
          .as(key)
          .doesNotContain("note,team", "\"note\"");
      Path encrypted = Path.of(path(key) + ".gpg");
      Files.move(path(key), encrypted);
      arguments.add(encrypted.toString());
    }
    String status =
        new String(gpg.out(new byte[0], arguments.toArray(String[]::new)), StandardCharsets.UTF_8);
    return status.lines().filter(line -> line.contains(" GOODSIG ")).count();
  }

  /** Decompresses one object, or takes the files out of it. */
  List<OneFile> unpack(String key, String encoding) throws IOException, InterruptedException {
    Path object = path(key);
    String folder = key.contains("/") ? key.substring(0, key.lastIndexOf('/') + 1) : "";
    switch (encoding) {
      case "gzip":
        Path plain = Path.of(object + ".plain");
        Files.write(plain, GZIP.out("-dc", object.toString()));
        assertThat(Files.readAllBytes(plain)).isEqualTo(firstMember(Files.readAllBytes(object)));
        return List.of(new OneFile(key, plain));
      case "zip", "tar", "tgz":
        Path out = Files.createDirectory(Path.of(object + ".unpacked"));
        extract(encoding, object, out);
        return filesBelow(out, folder);
      default:
        return List.of(new OneFile(key, object));
    }
  }

  private static void extract(String encoding, Path archive, Path out)
      throws IOException, InterruptedException {
    if (!encoding.equals("zip")) {
      String flags = encoding.equals("tgz") ? "-xzf" : "-xf";
      TAR.out(flags, archive.toString(), "-C", out.toString());
      return;
    }
    Map<String, byte[]> streamed = fromFrontToEnd(archive);
    if (UNZIP.isInstalled()) {
      UNZIP.out("-tqq", archive.toString());
      UNZIP.out("-qq", archive.toString(), "-d", out.toString());
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (byte[] content : streamed.values()) {
        all.write(content);
      }
      assertThat(UNZIP.out("-p", archive.toString())).isEqualTo(all.toByteArray());
    } else {
      for (Map.Entry<String, byte[]> entry : streamed.entrySet()) {
        Path file = out.resolve(entry.getKey());
        Files.createDirectories(file.getParent());
        Files.write(file, entry.getValue());
      }
    }
  }

  /** As a reader sees it that cannot go back: {@code java.util.zip}. */
  private static Map<String, byte[]> fromFrontToEnd(Path archive) throws IOException {
    Map<String, byte[]> contents = new java.util.LinkedHashMap<>();
    try (ZipInputStream zip = new ZipInputStream(Files.newInputStream(archive))) {
      for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
        assertThat(entry.getSize()).as("size before content").isNotNegative();
        contents.put(entry.getName(), zip.readAllBytes());
      }
    }
    return contents;
  }

  private static List<OneFile> filesBelow(Path out, String folder) throws IOException {
    try (Stream<Path> walk = Files.walk(out)) {
      return walk.filter(Files::isRegularFile)
          .sorted()
          .map(file -> new OneFile(folder + out.relativize(file), file))
          .toList();
    }
  }

  /** Of a file that must be one gzip member: what follows the first is compared with nothing. */
  static byte[] firstMember(byte[] gzip) throws IOException {
    int header = 10;
    int trailer = 8;
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(gzip, header, gzip.length - header);
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      byte[] buffer = new byte[64 << 10];
      while (!inflater.finished()) {
        int inflated = inflater.inflate(buffer);
        if (inflated == 0 && !inflater.finished()) {
          throw new IOException("the member does not end");
        }
        out.write(buffer, 0, inflated);
      }
      assertThat(inflater.getRemaining()).as("bytes after the member").isEqualTo(trailer);
      return out.toByteArray();
    } catch (DataFormatException e) {
      throw new IOException(e);
    } finally {
      inflater.end();
    }
  }
}
