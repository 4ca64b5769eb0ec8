package io.penstock.jobs.app;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import picocli.CommandLine.Command;

/** Commands of the contract that this version refuses by name. */
final class LaterCommands {
  private LaterCommands() {}

  private static PenstockException refused(String command) {
    return PenstockException.of(
        ErrorCode.CONFIG_NOT_AVAILABLE,
        "the command '" + command + "' is not in this version",
        "it is part of Penstock's contract and not built yet",
        "use check and plan to examine a job");
  }

  @Command(name = "grants", description = "The SQL of a job's permissions (not in this version).")
  static final class Grants extends JobCommand {
    @Override
    public Integer call() {
      throw refused("grants");
    }
  }
}
