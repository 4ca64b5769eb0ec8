package io.penstock.jobs.app;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.Unmatched;

/** Serves the sandbox until it is ended; the options are the sandbox's own. */
@Command(
    name = "sandbox",
    description = "Serves an embedded S3 and a Redshift stand-in until Ctrl-C.")
final class SandboxCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(names = "--help", description = "shows the sandbox's own options")
  private boolean help;

  @Unmatched private List<String> arguments = new ArrayList<>();

  @Override
  public Integer call() throws IOException, InterruptedException {
    List<String> passed = new ArrayList<>(arguments);
    if (help) {
      passed.add("--help");
    }
    passed.add("--parent-pid");
    passed.add(Long.toString(ProcessHandle.current().pid()));
    Process process = new ProcessBuilder(SandboxServer.commandLine(passed)).inheritIO().start();
    Runtime.getRuntime().addShutdownHook(new Thread(process::destroy, "penstock-sandbox-stop"));
    return process.waitFor();
  }
}
