package io.penstock.jobs.app;

import io.penstock.common.error.ExitCode;
import io.penstock.jobs.tunnel.SshTunnels;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

/** The command line; CONTRACT section 2. */
@Command(
    name = "penstock",
    description =
        "Delivers customer data from the lake to Amazon S3 and Amazon Redshift, as one job file says.",
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    subcommands = {
      CheckCommand.class,
      PlanCommand.class,
      VerifyCommand.class,
      PreviewCommand.class,
      RunCommand.class,
      HistoryCommand.class,
      SandboxCommand.class,
      GrantsCommand.class,
      ScheduleCommand.class,
      HelpCommand.class
    })
public final class Commands {
  private static final Logger LOG = LoggerFactory.getLogger(Commands.class);

  private Commands() {}

  /** Runs one command line and returns its exit code. */
  public static int execute(String... arguments) {
    CommandLine commandLine = new CommandLine(new Commands());
    commandLine.setCaseInsensitiveEnumValuesAllowed(true);
    commandLine.setExitCodeExceptionMapper(failure -> Failures.of(failure).exitCode());
    commandLine.setExecutionExceptionHandler(
        (failure, command, parsed) -> report(failure, parsed, command));
    commandLine.setParameterExceptionHandler(Commands::usage);
    try {
      return commandLine.execute(arguments);
    } finally {
      SshTunnels.closeAll();
    }
  }

  private static int report(Exception failure, ParseResult parsed, CommandLine command) {
    LOG.info("{} failed\n{}", command.getCommandName(), Failures.stack(failure));
    Failures failures = Failures.of(failure);
    boolean json = command.getCommand() instanceof JobCommand jobCommand && jobCommand.wantsJson();
    failures.print(json ? command.getOut() : null, command.getErr());
    return failures.exitCode();
  }

  private static int usage(CommandLine.ParameterException failure, String[] arguments) {
    CommandLine command = failure.getCommandLine();
    boolean json =
        command.getCommand() instanceof JobCommand && List.of(arguments).contains("--json");
    Failures.ofUsage(String.valueOf(failure.getMessage()))
        .print(json ? command.getOut() : null, command.getErr());
    if (!UnmatchedArgumentException.printSuggestions(failure, command.getErr())) {
      command.getErr().println("Try: penstock " + subcommand(command) + "--help");
    }
    return ExitCode.CONFIGURATION.status();
  }

  private static String subcommand(CommandLine command) {
    return command.getParent() == null ? "" : command.getCommandName() + " ";
  }
}
