package io.penstock.jobs.session;

/** What the platform brought along. */
public final class ClassPath {
  private static final String EMRFS = "com.amazon.ws.emr.hadoop.fs.EmrFileSystem";

  private ClassPath() {}

  /** Whether this is Amazon EMR, whose own file system reads {@code s3://}. */
  public static boolean hasEmrfs() {
    return has(EMRFS);
  }

  static boolean has(String className) {
    try {
      Class.forName(className, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
