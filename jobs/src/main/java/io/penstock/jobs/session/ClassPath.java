package io.penstock.jobs.session;

/** What the platform brought along. */
final class ClassPath {
  private ClassPath() {}

  static boolean has(String className) {
    try {
      Class.forName(className, false, Thread.currentThread().getContextClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
