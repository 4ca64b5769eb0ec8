package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Collects problems until somebody asks whether there are any. */
final class ProblemList {
  private final List<ConfigProblem> problems = new ArrayList<>();

  void add(ErrorCode code, Place place, String path, String problem, String remedy) {
    ConfigProblem found =
        new ConfigProblem(code, place.file(), place.line(), place.column(), path, problem, remedy);
    if (!problems.contains(found)) {
      problems.add(found);
    }
  }

  /** Whether a text could not be parsed, so that what it should have said is not known. */
  boolean hasSyntaxErrors() {
    return problems.stream()
        .anyMatch(
            p ->
                p.code() == ErrorCode.CONFIG_SYNTAX
                    || p.code() == ErrorCode.CONFIG_FILE_UNREADABLE);
  }

  void throwIfAny() {
    if (!problems.isEmpty()) {
      problems.sort(
          Comparator.comparing(ConfigProblem::file)
              .thenComparingInt(ConfigProblem::line)
              .thenComparingInt(ConfigProblem::column));
      throw new ConfigurationException(problems);
    }
  }
}
