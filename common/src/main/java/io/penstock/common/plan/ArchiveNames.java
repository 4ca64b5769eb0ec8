package io.penstock.common.plan;

import io.penstock.common.config.FileCount;
import io.penstock.common.config.PgpConfig;
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
  private static final List<String> ENDINGS =
      List.of(".zip", ".tar", ".tgz", ".gz", ".pgp", ".gpg", ".asc");

  static ArchiveNames of(FileName written, S3Destination s3) {
    if (!s3.encoding().isArchive()) {
      return new ArchiveNames(written, Optional.empty());
    }
    String last = written.numbered() ? written.tail() : written.head();
    String ending = ending(last);
    String format = "." + s3.format().extension();
    if (ending.matches("(?i).*\\.(zip|tar|tgz).*")) {
      String stem = stem(without(written, ending.length()), "");
      FileName entries =
          s3.files() instanceof FileCount.Single
              ? new FileName(stem + format, "", false)
              : new FileName(stem + "_", format, true);
      return new ArchiveNames(new FileName(stem + ending, "", false), Optional.of(entries));
    }
    String extension = s3.encoding().extension() + s3.pgp().map(PgpConfig::extension).orElse("");
    return new ArchiveNames(
        new FileName(stem(written, format) + extension, "", false), Optional.of(written));
  }

  /** As many known endings as the name has. */
  private static String ending(String name) {
    int end = name.length();
    boolean found = true;
    while (found) {
      found = false;
      for (String known : ENDINGS) {
        if (name.substring(0, end).toLowerCase(Locale.ROOT).endsWith(known)) {
          end -= known.length();
          found = true;
          break;
        }
      }
    }
    return name.substring(end);
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
