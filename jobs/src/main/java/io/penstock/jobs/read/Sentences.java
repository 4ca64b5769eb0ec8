package io.penstock.jobs.read;

/** Spark's messages, fit to be one sentence of ours. */
final class Sentences {
  private Sentences() {}

  /** On one line, without a final full stop. */
  static String plain(String message) {
    String line = message.strip().replaceAll("\\s+", " ");
    return line.endsWith(".") ? line.substring(0, line.length() - 1) : line;
  }
}
