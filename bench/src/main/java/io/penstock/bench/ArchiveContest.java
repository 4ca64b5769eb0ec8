package io.penstock.bench;

import io.penstock.common.config.Encoding;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * An archive of one CSV file, ours made from the rows, the peer's from a CSV file that is there
 * before the clock starts.
 *
 * @param archiver makes an archive of {@link #ENTRY}
 * @param unpacking takes it out again
 */
record ArchiveContest(
    String name,
    String peer,
    List<String> programs,
    Encoding encoding,
    Archiver archiver,
    Unpacked.Unpacking unpacking,
    String target)
    implements Contest {
  static final String ENTRY = "part.csv";

  /** A program that makes archives. */
  interface Archiver {
    void archive(Path folder, Path archive) throws IOException, InterruptedException;
  }

  static ArchiveContest zip() {
    return new ArchiveContest(
        "zip",
        "info-zip",
        List.of("zip", "unzip"),
        Encoding.ZIP,
        (folder, archive) -> Program.run(folder, "zip", "-q", archive.toString(), ENTRY),
        (archive, folder) -> Program.run(folder, "unzip", "-q", archive.toString()),
        "≥ 4");
  }

  static ArchiveContest tgz() {
    return new ArchiveContest(
        "tgz",
        "tar+pigz",
        List.of("tar", "pigz"),
        Encoding.TGZ,
        (folder, archive) ->
            Program.pipe(folder, List.of("tar", "-cf", "-", ENTRY), List.of("pigz"), archive),
        (archive, folder) -> Program.run(folder, "tar", "-xzf", archive.toString()),
        "≥ 1.5");
  }

  @Override
  public Line run(Setting setting) throws Exception {
    Folder ready = new Folder(setting.output().resolve("ready-" + name)).emptied();
    try {
      setting.copy(ready.path().resolve(ENTRY), "FORMAT csv, HEADER");
      String object = "part." + name;
      return FileContest.of(
              name,
              peer,
              Delivery.single(Delivery.CSV, encoding, object),
              (shared, target) ->
                  archiver.archive(ready.path(), target.emptied().path().resolve(object)),
              target,
              new Unpacked(unpacking, SameRows.CSV))
          .run(setting);
    } finally {
      ready.delete();
    }
  }
}
