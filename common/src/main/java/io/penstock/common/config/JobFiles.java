package io.penstock.common.config;

import com.typesafe.config.ConfigObject;
import io.penstock.common.error.ErrorCode;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.TreeMap;

/**
 * Loads job files. Precedence: {@code -D}, then the {@code --env} overlay, then the job file, then
 * the shipped {@code penstock-reference.conf}.
 */
public final class JobFiles {
  private JobFiles() {}

  /**
   * Reads a local job file.
   *
   * @throws ConfigurationException with every problem at once
   */
  public static JobFile load(Path jobFile, Overrides overrides) {
    String text;
    try {
      text = TextReader.local().read(jobFile.toString());
    } catch (IOException e) {
      ProblemList problems = new ProblemList();
      unreadable(problems, jobFile.toString(), e);
      problems.throwIfAny();
      throw new IllegalStateException(e);
    }
    Path directory = jobFile.toAbsolutePath().getParent();
    return parse(
        jobFile.toString(), text, String.valueOf(directory), overrides, TextReader.local());
  }

  /**
   * Reads a job file that lies elsewhere and refers to local files only.
   *
   * @throws ConfigurationException with every problem at once
   */
  public static JobFile parse(String name, String text, Path base, Overrides overrides) {
    return parse(name, text, base.toString(), overrides, TextReader.local());
  }

  /**
   * Reads a job file that lies elsewhere, such as in S3.
   *
   * @param name of the file in messages
   * @param base absolute directory, or the URI of one, that relative paths are relative to
   * @param reader of included files and of the query file
   * @throws ConfigurationException with every problem at once
   */
  public static JobFile parse(
      String name, String text, String base, Overrides overrides, TextReader reader) {
    ProblemList problems = new ProblemList();
    Locations locations =
        Locations.hasScheme(base)
            ? new Locations(base.replaceFirst("/+$", ""))
            : Locations.of(Path.of(base));
    JobTree tree = new JobTree(problems, reader);
    new TreeMap<>(overrides.definitions()).forEach(tree::addDefinition);
    overrides.environmentFile().ifPresent(file -> addEnvironment(tree, file, problems));
    tree.addText(name, text, locations);
    tree.addReference();
    ConfigObject root = tree.resolve();
    if (!problems.hasSyntaxErrors()) {
      JobParser parser = new JobParser(tree, root, new Scope(locations, reader), problems);
      JobFile jobFile = parser.parse();
      problems.throwIfAny();
      return jobFile;
    }
    problems.throwIfAny();
    throw new IllegalStateException("unreachable");
  }

  private static void addEnvironment(JobTree tree, Path file, ProblemList problems) {
    try {
      String text = TextReader.local().read(file.toString());
      Path directory = file.toAbsolutePath().getParent();
      tree.addText(file.toString(), text, new Locations(String.valueOf(directory)));
    } catch (IOException e) {
      unreadable(problems, file.toString(), e);
    }
  }

  private static void unreadable(ProblemList problems, String file, IOException e) {
    problems.add(
        ErrorCode.CONFIG_FILE_UNREADABLE,
        Place.file(file),
        "",
        e instanceof NoSuchFileException ? "there is no such file" : "the file cannot be read",
        "check the path, the permissions, and that the file is UTF-8 text");
  }
}
