package io.penstock.jobs.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DirectoryProbeTest {
  @TempDir private Path folder = Path.of("");

  private static String write(Path directory) {
    return new DirectoryProbe("destinations.out.directory", directory).write();
  }

  private List<Path> content() throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      return all.filter(path -> !path.equals(folder)).toList();
    }
  }

  @Test
  void directoriesThatItMakesGoAgain() throws IOException {
    assertThat(write(folder)).isEqualTo(folder.toString());
    assertThat(write(folder.resolve("a/b"))).endsWith("a/b, which the first run makes");
    assertThat(content()).isEmpty();
  }

  @Test
  void whatOthersKeepThereStays() throws IOException {
    Path theirs = Files.createDirectories(folder.resolve(".penstock-staging/run"));

    write(folder);

    assertThat(theirs).exists();
  }

  @Test
  void aDirectoryBelowAFileNamesTheKey() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");

    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> write(file.resolve("out")));

    assertThat(refused.code()).isEqualTo(ErrorCode.VERIFICATION_FAILED);
    assertThat(refused.remedy()).contains("destinations.out.directory");
    assertThat(content()).containsExactly(file);
  }
}
