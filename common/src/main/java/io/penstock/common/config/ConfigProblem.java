package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;

/**
 * One thing that is wrong with a job file. None of its texts holds the value of a secret.
 *
 * @param file as it was named to Penstock, or {@code -D key} for a definition of the command line
 * @param line from 1; 0 where the problem has no line
 * @param column from 1; 0 where the problem has no line
 * @param path of the key, with dots; may be empty
 * @param problem what is wrong, a sentence without a full stop that goes on from the path
 * @param remedy what to do about it, a sentence without a full stop
 */
public record ConfigProblem(
    ErrorCode code, String file, int line, int column, String path, String problem, String remedy) {

  /** {@code file:line:column: CODE path: problem; remedy}. */
  @Override
  public String toString() {
    String place = line > 0 ? file + ":" + line + ":" + column : file;
    return place
        + ": "
        + code
        + " "
        + (path.isEmpty() ? "" : path + ": ")
        + problem
        + "; "
        + remedy;
  }
}
