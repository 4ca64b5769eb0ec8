package io.penstock.jobs.app;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.TextReader;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** What all commands over a job file share: their options, and loading the file. */
abstract class JobCommand implements Callable<Integer> {
  private static final Pattern SECRET =
      Pattern.compile("password|passphrase|secret|token|private-key|access-key|write-key");

  @Spec private @Nullable CommandSpec spec;

  @Parameters(
      index = "0",
      paramLabel = "JOBFILE",
      description = "the job file: a local path, or s3://, s3a://, hdfs:// on a cluster")
  private String jobFile = "";

  @Option(
      names = "-D",
      paramLabel = "key=value",
      description = "overrides a key of the job file; highest precedence")
  private Map<String, String> definitions = new LinkedHashMap<>();

  @Option(
      names = "--env",
      paramLabel = "NAME",
      description = "overlays conf/env/NAME.conf on the job file")
  private @Nullable String environment;

  @Option(
      names = "--principal",
      paramLabel = "NAME",
      description = "on whose behalf; see access in the job file")
  private @Nullable String principal;

  @Option(
      names = "--json",
      description = "one JSON document on standard output, logs on standard error")
  private boolean json;

  @Option(names = "--quiet", description = "no progress and no summary; errors only")
  private boolean quiet;

  @Option(names = "--help", usageHelp = true, description = "shows this text")
  private boolean help;

  @Option(names = "--version", versionHelp = true, description = "prints the version")
  private boolean version;

  final boolean wantsJson() {
    return json;
  }

  final boolean isQuiet() {
    return quiet;
  }

  final Optional<String> principal() {
    return Optional.ofNullable(principal);
  }

  /** The job file as it was named. */
  final String jobFileName() {
    return jobFile;
  }

  /**
   * The options that a later {@code run} needs to be the job that this command looked at.
   *
   * @throws PenstockException {@code USAGE} where one defines what looks like a secret
   */
  final List<String> carriedOptions() {
    List<String> options = new ArrayList<>();
    definitions.forEach(
        (key, value) -> {
          if (SECRET.matcher(key).find()) {
            throw PenstockException.of(
                ErrorCode.USAGE,
                "-D " + key + " looks like a secret",
                "the definition of a schedule is no place for one",
                "write { secrets-manager = \"…\" } or { ssm = \"…\" } in the job file");
          }
          options.addAll(List.of("-D", key + "=" + value));
        });
    if (environment != null) {
      options.addAll(List.of("--env", environment));
    }
    if (principal != null) {
      options.addAll(List.of("--principal", principal));
    }
    return options;
  }

  final PrintWriter out() {
    return spec().commandLine().getOut();
  }

  final PrintWriter err() {
    return spec().commandLine().getErr();
  }

  private CommandSpec spec() {
    if (spec == null) {
      throw new IllegalStateException("picocli sets the command specification");
    }
    return spec;
  }

  /**
   * The job file.
   *
   * @throws PenstockException {@code POLICY_REFUSED} where its access policy does not know the
   *     principal
   */
  final JobFile load() {
    JobFile file = read();
    file.access().requireKnown(principal());
    return file;
  }

  private JobFile read() {
    Overrides overrides = new Overrides(definitions, environmentFile());
    if (RemoteJobFile.isRemote(jobFile)) {
      TextReader reader = new RemoteJobFile();
      String base = jobFile.substring(0, jobFile.lastIndexOf('/'));
      return JobFiles.parse(jobFile, RemoteJobFile.open(jobFile), base, overrides, reader);
    }
    return JobFiles.load(Path.of(jobFile).toAbsolutePath().normalize(), overrides);
  }

  /** {@code conf/env/NAME.conf} of the installation, or beside or above the job file. */
  private Optional<Path> environmentFile() {
    if (environment == null) {
      return Optional.empty();
    }
    Path relative = Path.of("conf", "env", environment + ".conf");
    String home = System.getProperty("penstock.home");
    Path working = Path.of("").toAbsolutePath();
    Path start =
        RemoteJobFile.isRemote(jobFile) ? working : Path.of(jobFile).toAbsolutePath().getParent();
    for (Path folder = start; folder != null; folder = folder.getParent()) {
      if (Files.isRegularFile(folder.resolve(relative))) {
        return Optional.of(folder.resolve(relative));
      }
    }
    for (Path folder : new Path[] {working, home == null ? working : Path.of(home)}) {
      if (Files.isRegularFile(folder.resolve(relative))) {
        return Optional.of(folder.resolve(relative));
      }
    }
    throw PenstockException.of(
        ErrorCode.USAGE,
        "there is no environment '" + environment + "'",
        "no " + relative + " was found above the job file or in the working directory",
        "create the file, or name one that exists");
  }
}
