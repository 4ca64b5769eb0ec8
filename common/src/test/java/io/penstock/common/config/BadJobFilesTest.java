package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Job files with one fault each; the first two lines of each say what is to be reported. */
class BadJobFilesTest {
  private static final Path FOLDER = Path.of("src/test/resources/bad-jobs");
  private static final Pattern HEADER =
      Pattern.compile("# expect: (\\w+) line (\\d+)\n# remedy: ([^\n]+)\n");

  static List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(FOLDER)) {
      return files.filter(f -> f.getFileName().toString().matches("\\d.*")).sorted().toList();
    }
  }

  @Test
  void thereAreAtLeastForty() throws IOException {
    assertThat(files()).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @MethodSource("files")
  void reportsTheOneFault(Path file) throws IOException {
    Matcher header = HEADER.matcher(Files.readString(file));
    assertThat(header.lookingAt()).isTrue();

    List<ConfigProblem> problems = problems(file);

    assertThat(problems).hasSize(1);
    ConfigProblem problem = problems.get(0);
    assertThat(problem.code()).isEqualTo(ErrorCode.valueOf(header.group(1)));
    assertThat(problem.file()).isEqualTo(file.toString());
    assertThat(problem.line()).isEqualTo(Integer.parseInt(header.group(2)));
    assertThat(problem.column()).isPositive();
    assertThat(problem.remedy()).contains(header.group(3));
    assertThat(problem.toString())
        .startsWith(file + ":" + problem.line() + ":" + problem.column() + ": " + problem.code())
        .doesNotContain("\n");
  }

  @Test
  void reportsTenFaultsAtOnce() {
    assertThat(problems(FOLDER.resolve("ten-faults.conf")))
        .extracting(ConfigProblem::code, ConfigProblem::path)
        .containsExactlyInAnyOrder(
            fault(ErrorCode.CONFIG_INVALID_VALUE, "job"),
            fault(ErrorCode.CONFIG_INVALID_VALUE, "template.columns[0].type"),
            fault(ErrorCode.CONFIG_UNKNOWN_KEY, "template.columns[1].pi"),
            fault(ErrorCode.CONFIG_INVALID_VALUE, "destinations.files.bucket"),
            fault(ErrorCode.CONFIG_INVALID_VALUE, "destinations.files.mode"),
            fault(ErrorCode.CONFIG_INVALID_VALUE, "destinations.files.encoding"),
            fault(ErrorCode.CONFIG_UNESCAPED_TEXT, "destinations.files.text.quote-mode"),
            fault(ErrorCode.CONFIG_CONFLICT, "destinations.files.partition-by"),
            fault(ErrorCode.CONFIG_MISSING_KEY, "destinations.warehouse.connection.user"),
            fault(
                ErrorCode.CONFIG_INVALID_VALUE,
                "destinations.warehouse.copy-credentials.iam-role"));
  }

  @Test
  void pointsAtTheColumnOfTheKey() {
    ConfigProblem problem = problems(FOLDER.resolve("05-unknown-key-of-a-column.conf")).get(0);
    assertThat(problem.column()).isEqualTo(64);
  }

  private static org.assertj.core.groups.Tuple fault(ErrorCode code, String path) {
    return org.assertj.core.groups.Tuple.tuple(code, path);
  }

  private static List<ConfigProblem> problems(Path file) {
    return catchThrowableOfType(
            ConfigurationException.class, () -> JobFiles.load(file, Overrides.none()))
        .problems();
  }
}
