package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;
import java.util.List;
import java.util.stream.Collectors;

/** A job file cannot be used; holds every problem that was found. */
public final class ConfigurationException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final transient List<ConfigProblem> problems;

  /**
   * @param problems at least one
   */
  public ConfigurationException(List<ConfigProblem> problems) {
    super(problems.stream().map(ConfigProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** Ordered by file, line and column; never empty. */
  public List<ConfigProblem> problems() {
    return problems;
  }

  /** The code of the first problem. */
  public ErrorCode code() {
    return problems.get(0).code();
  }
}
