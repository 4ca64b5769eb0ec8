package io.penstock.jobs.read;

/** Paths as the Hadoop at hand reads them. */
final class SourcePath {
  private static final String EMRFS = "com.amazon.ws.emr.hadoop.fs.EmrFileSystem";

  private SourcePath() {}

  /** {@code s3://} becomes {@code s3a://}, except on EMR, whose own file system reads it. */
  static String of(String path) {
    if (!path.startsWith("s3://") || emrfs()) {
      return path;
    }
    return "s3a://" + path.substring("s3://".length());
  }

  private static boolean emrfs() {
    try {
      Class.forName(EMRFS, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
