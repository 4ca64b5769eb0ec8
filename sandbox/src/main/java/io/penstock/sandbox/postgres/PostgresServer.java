package io.penstock.sandbox.postgres;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A private PostgreSQL on a free port of 127.0.0.1. A shell between this process and the server
 * holds a pipe from here: when this process ends, however it ends, the server is told to stop.
 */
public final class PostgresServer implements AutoCloseable {
  /** The superuser that only the sandbox itself uses. */
  public static final String SUPERUSER = "postgres";

  private static final Duration START_LIMIT = Duration.ofSeconds(60);
  private static final Duration STOP_LIMIT = Duration.ofSeconds(20);
  private static final String WATCHDOG =
      "trap '' INT TERM HUP\n"
          + "exec 3<&0\n"
          + "\"$@\" </dev/null 3<&- &\n"
          + "server=$!\n"
          + "( cat <&3 >/dev/null; kill -INT $server 2>/dev/null ) &\n"
          + "exec 3<&-\n"
          + "wait $server\n";

  private final Process process;
  private final Path log;
  private final int port;
  private final String password;

  private PostgresServer(Process process, Path log, int port, String password) {
    this.process = process;
    this.log = log;
    this.port = port;
    this.password = password;
  }

  /**
   * Starts the server on {@code folder}, which is initialised where it is empty.
   *
   * @param password of {@link #SUPERUSER}
   */
  public static PostgresServer start(Path folder, String password)
      throws IOException, InterruptedException {
    Path home = PostgresBinaries.unpacked();
    Path data = folder.resolve("data");
    Path log = folder.resolve("postgres.log");
    Files.createDirectories(folder);
    if (!Files.exists(data.resolve("PG_VERSION"))) {
      initialise(home, data, log, password);
    }
    removeStaleLock(data);
    int port = freePort();
    Process process =
        new ProcessBuilder(command(home, data, port))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
            .start();
    PostgresServer server = new PostgresServer(process, log, port, password);
    try {
      server.awaitReady();
    } catch (IOException | InterruptedException e) {
      server.close();
      throw e;
    }
    return server;
  }

  private static void initialise(Path home, Path data, Path log, String password)
      throws IOException, InterruptedException {
    Path partial = data.resolveSibling("data.partial");
    Folders.delete(partial);
    Path passwordFile = Files.createTempFile(data.getParent(), "superuser", ".tmp");
    try {
      Files.writeString(passwordFile, password);
      List<String> command = asOrdinaryUser();
      command.addAll(
          List.of(
              home.resolve("bin/initdb").toString(),
              "--pgdata=" + partial,
              "--username=" + SUPERUSER,
              "--pwfile=" + passwordFile,
              "--auth=md5",
              "--encoding=UTF8",
              "--locale=C",
              "--locale-provider=builtin",
              "--builtin-locale=C.UTF-8",
              "--set=password_encryption=md5",
              "--no-sync",
              "--no-instructions"));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
              .start();
      if (process.waitFor() != 0) {
        throw new IOException("PostgreSQL's initdb failed: " + tail(log));
      }
    } finally {
      Files.delete(passwordFile);
    }
    Files.move(partial, data, StandardCopyOption.ATOMIC_MOVE);
  }

  /**
   * PostgreSQL refuses to run as root, so root enters a user namespace in which it is nobody. Files
   * stay root's own.
   */
  private static List<String> asOrdinaryUser() throws IOException {
    List<String> command = new ArrayList<>();
    if (runningAsRoot()) {
      command.add("unshare");
      command.add("--user");
    }
    return command;
  }

  private static boolean runningAsRoot() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return System.getProperty("user.name").equals("root");
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("Uid:")) {
        return line.split("\\s+")[2].equals("0");
      }
    }
    return false;
  }

  private static List<String> command(Path home, Path data, int port) throws IOException {
    List<String> command = asOrdinaryUser();
    command.addAll(List.of("sh", "-c", WATCHDOG, "postgres-watchdog"));
    command.addAll(List.of(home.resolve("bin/postgres").toString(), "-D", data.toString()));
    for (String setting :
        List.of(
            "port=" + port,
            "listen_addresses=127.0.0.1",
            "unix_socket_directories=",
            "max_connections=100",
            "shared_buffers=64MB",
            "fsync=off",
            "synchronous_commit=off",
            "full_page_writes=off",
            "wal_level=minimal",
            "max_wal_senders=0",
            "max_wal_size=1GB",
            "jit=off",
            "TimeZone=UTC",
            "log_timezone=UTC",
            "log_min_messages=fatal",
            "log_min_error_statement=panic",
            "password_encryption=md5",
            "standard_conforming_strings=off",
            "escape_string_warning=off",
            "backslash_quote=on",
            "default_transaction_isolation=serializable",
            "client_connection_check_interval=1s")) {
      command.add("-c");
      command.add(setting);
    }
    return command;
  }

  /** A lock left by a killed server blocks the next one when its process id was given out again. */
  private static void removeStaleLock(Path data) throws IOException {
    Path lock = data.resolve("postmaster.pid");
    if (!Files.exists(lock)) {
      return;
    }
    List<String> lines = Files.readAllLines(lock);
    long owner = lines.isEmpty() ? -1 : Long.parseLong(lines.get(0).trim());
    boolean running =
        ProcessHandle.of(owner)
            .map(handle -> handle.info().commandLine().orElse("").contains(data.toString()))
            .orElse(false);
    if (!running) {
      Files.delete(lock);
      return;
    }
    for (int i = 0; i < 100 && Files.exists(lock); i++) {
      pause();
    }
    if (Files.exists(lock)) {
      throw new IOException(
          "Another sandbox serves "
              + data.getParent()
              + " (PostgreSQL process "
              + owner
              + "); stop it or choose another --dir");
    }
  }

  private static void pause() throws IOException {
    try {
      Thread.sleep(100);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while PostgreSQL stops", e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private void awaitReady() throws IOException, InterruptedException {
    long limit = System.nanoTime() + START_LIMIT.toNanos();
    while (true) {
      try (Connection connection = dataSource("postgres").getConnection()) {
        connection.createStatement().execute("SELECT 1");
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > limit) {
          throw new IOException("PostgreSQL did not start: " + tail(log), e);
        }
        Thread.sleep(20);
      }
    }
  }

  /** Connections as superuser, past the wire front. */
  public DataSource dataSource(String name) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setServerNames(new String[] {"127.0.0.1"});
    source.setPortNumbers(new int[] {port});
    source.setDatabaseName(name);
    source.setUser(SUPERUSER);
    source.setPassword(password);
    source.setConnectTimeout(5);
    return source;
  }

  public Path dataDirectory() {
    return log.resolveSibling("data");
  }

  /** On 127.0.0.1. */
  public int port() {
    return port;
  }

  private static String tail(Path log) throws IOException {
    try (InputStream in = Files.newInputStream(log)) {
      long size = Files.size(log);
      in.skipNBytes(Math.max(0, size - 2000));
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(STOP_LIMIT.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly().waitFor();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while PostgreSQL stops", e);
    }
  }
}
