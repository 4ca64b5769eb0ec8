package io.penstock.common.plan;

import io.penstock.common.config.FileCount;
import io.penstock.common.config.S3Destination;
import io.penstock.common.names.FileName;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/**
 * The name of an object, and where it is an archive the names of the files within. {@code
 * file-name} is the archive's where it ends like one, else that of the files; the other follows.
 */
record ArchiveNames(FileName object, Optional<FileName> entries) {
  private static final List<String> ENDINGS = List.of(".zip", ".tar", ".tgz", ".tar.gz");

  static ArchiveNames of(FileName written, S3Destination s3) {
    if (!s3.encoding().isArchive()) {
      return new ArchiveNames(written, Optional.empty());
    }
    String last = written.numbered() ? written.tail() : written.head();
    Optional<String> ending =
        ENDINGS.stream()
            .filter(known -> last.toLowerCase(Locale.ROOT).endsWith(known))
            .reduce((first, second) -> second);
    if (ending.isPresent()) {
      String stem = stem(without(written, ending.get().length()), "");
      String own = last.substring(last.length() - ending.get().length());
      boolean one = s3.files() instanceof FileCount.Single;
      String format = "." + s3.format().extension();
      return new ArchiveNames(
          new FileName(stem + own, "", false),
          Optional.of(
              one
                  ? new FileName(stem + format, "", false)
                  : new FileName(stem + "_", format, true)));
    }
    return new ArchiveNames(
        new FileName(
            stem(written, "." + s3.format().extension()) + s3.encoding().extension(), "", false),
        Optional.of(written));
  }

  private static FileName without(FileName name, int characters) {
    return name.numbered()
        ? new FileName(
            name.head(), name.tail().substring(0, name.tail().length() - characters), true)
        : new FileName(name.head().substring(0, name.head().length() - characters), "", false);
  }

  /** What is left of a name without its number and an ending. */
  private static String stem(FileName name, String ending) {
    String whole = name.numbered() ? trimmed(name.head()) + name.tail() : name.head();
    String shorter =
        whole.endsWith(ending) ? whole.substring(0, whole.length() - ending.length()) : whole;
    return shorter.isEmpty() ? "files" : shorter;
  }

  /** Without what separated the number. */
  private static String trimmed(String head) {
    return head.replaceAll("[-_. ]+$", "");
  }
}
