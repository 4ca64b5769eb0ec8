package io.penstock.jobs.matrix;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.ConfigProblem;
import io.penstock.common.config.ConfigurationException;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.error.ErrorCode;
import io.penstock.jobs.matrix.Combination.Pair;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** What {@code check} says of every option alone and of every pair: the rules, both ways. */
class OptionRulesTest {
  private static final OptionSpace SPACE = new OptionSpace(true);

  private static List<ConfigProblem> problems(Combination options) {
    String job =
        "job = people\n"
            + OptionRows.TEMPLATE.formatted("rows")
            + (options.sets("groups")
                ? "campaign { name = spring, group-column = team }\n"
                : "campaign { name = spring }\n")
            + "destinations.files {\ntype = s3\nbucket = exports\nformat = csv\n"
            + options.settings().replace("${prefix}\"", "\"people")
            + "\n}\n";
    try {
      JobFiles.parse("people.conf", job, Path.of("/tmp"), Overrides.none());
      return List.of();
    } catch (ConfigurationException refused) {
      return refused.problems();
    }
  }

  @Test
  void everyLegalPairPasses() {
    SoftAssertions softly = new SoftAssertions();
    for (Choice choice : SPACE.all()) {
      Combination alone = SPACE.completed(Combination.of(choice)).orElseThrow();
      softly.assertThat(problems(alone)).as("%s", alone).isEmpty();
    }
    for (Pair pair : SPACE.legalPairs()) {
      Combination options = SPACE.completed(pair.combination()).orElseThrow();
      softly.assertThat(problems(options)).as("%s", options).isEmpty();
    }
    softly.assertAll();
  }

  @Test
  void everyOtherPairIsRefused() {
    SoftAssertions softly = new SoftAssertions();
    int refused = 0;
    for (Pair pair : SPACE.pairs()) {
      Optional<Combination> legal = SPACE.completed(pair.combination());
      if (legal.isEmpty()) {
        refused++;
        softly
            .assertThat(problems(pair.combination()))
            .as("%s", pair)
            .isNotEmpty()
            .allSatisfy(problem -> assertThat(problem.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT));
      }
    }
    softly.assertThat(refused).isGreaterThan(100);
    softly.assertAll();
  }

  @Test
  void whatNeedsAnotherOptionIsRefusedWithoutIt() {
    SoftAssertions softly = new SoftAssertions();
    for (Choice choice : SPACE.all()) {
      Combination alone = Combination.of(choice);
      if (!OptionSpace.isLegal(alone)) {
        softly.assertThat(problems(alone)).as("%s", alone).isNotEmpty();
      }
    }
    Choice unescaped = new Choice("quoting", "none", "text.quote-mode = none");
    softly
        .assertThat(problems(Combination.of(unescaped)))
        .extracting(ConfigProblem::code)
        .containsExactly(ErrorCode.CONFIG_UNESCAPED_TEXT);
    softly.assertAll();
  }
}
