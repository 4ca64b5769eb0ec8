package io.penstock.sandbox.testing;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** psql as a client of a running sandbox: unaligned, rows only. */
public final class Psql {
  private final RunningSandbox sandbox;
  private final String user;
  private final String password;

  private Psql(RunningSandbox sandbox, String user, String password) {
    this.sandbox = sandbox;
    this.user = user;
    this.password = password;
  }

  public static boolean isInstalled() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> new File(folder, "psql").canExecute());
  }

  public static Psql asAdministrator(RunningSandbox sandbox) {
    return new Psql(
        sandbox,
        sandbox.ready().at("/redshift/user").asText(),
        sandbox.ready().at("/redshift/password").asText());
  }

  public Psql as(String otherUser, String otherPassword) {
    return new Psql(sandbox, otherUser, otherPassword);
  }

  /** Runs the text as one message; its output and errors in the order in which they came. */
  public String command(String sql) throws IOException, InterruptedException {
    return run("", "-c", sql);
  }

  /** Runs psql with this standard input. */
  public String run(String input, String... arguments) throws IOException, InterruptedException {
    ProcessBuilder builder = new ProcessBuilder("psql", "-X", "-A", "-t");
    builder.command().addAll(List.of(arguments));
    Map<String, String> environment = builder.environment();
    environment.put("PGHOST", sandbox.ready().at("/redshift/host").asText());
    environment.put("PGPORT", sandbox.ready().at("/redshift/port").asText());
    environment.put("PGDATABASE", sandbox.ready().at("/redshift/database").asText());
    environment.put("PGUSER", user);
    environment.put("PGPASSWORD", password);
    environment.put("PGCLIENTENCODING", "UTF8");
    Process process = builder.redirectErrorStream(true).start();
    try (var out = process.getOutputStream()) {
      out.write(input.getBytes(StandardCharsets.UTF_8));
    }
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output;
  }
}
