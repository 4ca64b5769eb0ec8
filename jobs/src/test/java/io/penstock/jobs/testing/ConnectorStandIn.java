package io.penstock.jobs.testing;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Supplier;
import javax.tools.ToolProvider;

/**
 * A stand-in under the connector's format name, where only those see it who work beside it. What it
 * was given is in {@link ConnectorNotes}.
 */
public final class ConnectorStandIn {
  private final ClassLoader loader;

  private ConnectorStandIn(ClassLoader loader) {
    this.loader = loader;
  }

  /**
   * @param classes an empty folder
   */
  public static ConnectorStandIn compiled(Path classes) throws IOException {
    Path source = classes.resolve("DefaultSource.java");
    try (InputStream text =
        ConnectorStandIn.class.getResourceAsStream("/connector/DefaultSource.java.txt")) {
      Files.write(source, text.readAllBytes());
    }
    int status =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-proc:none",
                "-cp",
                System.getProperty(
                    "surefire.test.class.path", System.getProperty("java.class.path")),
                "-d",
                classes.toString(),
                source.toString());
    if (status != 0) {
      throw new IllegalStateException("the stand-in does not compile");
    }
    return new ConnectorStandIn(
        new URLClassLoader(
            new URL[] {classes.toUri().toURL()}, Thread.currentThread().getContextClassLoader()));
  }

  /** Does something where the stand-in is on the class path. */
  public <T> T beside(Supplier<T> work) {
    ClassLoader without = Thread.currentThread().getContextClassLoader();
    Thread.currentThread().setContextClassLoader(loader);
    try {
      return work.get();
    } finally {
      Thread.currentThread().setContextClassLoader(without);
    }
  }
}
