package io.penstock.jobs.read;

import io.penstock.jobs.session.ClassPath;

/** Paths as the Hadoop at hand reads them. */
final class SourcePath {
  private static final String S3 = "s3://";

  private SourcePath() {}

  /** {@code s3://} becomes {@code s3a://}, except on EMR. */
  static String of(String path) {
    return path.startsWith(S3) && !ClassPath.hasEmrfs()
        ? "s3a://" + path.substring(S3.length())
        : path;
  }
}
