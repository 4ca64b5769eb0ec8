package io.penstock.sandbox;

import io.penstock.sandbox.events.EventReceiver;
import io.penstock.sandbox.postgres.Folders;
import io.penstock.sandbox.postgres.PostgresServer;
import io.penstock.sandbox.redshift.RedshiftServer;
import io.penstock.sandbox.redshift.TemporaryUsers;
import io.penstock.sandbox.redshift.TlsIdentity;
import io.penstock.sandbox.redshift.copy.CopyUnload;
import io.penstock.sandbox.redshift.copy.LoadErrorLog;
import io.penstock.sandbox.s3.AccessKey;
import io.penstock.sandbox.s3.LoginIssuer;
import io.penstock.sandbox.s3.S3Server;
import io.penstock.sandbox.s3.S3Settings;
import io.penstock.sandbox.ssh.Destination;
import io.penstock.sandbox.ssh.TunnelServer;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Serves an embedded S3 and an embedded Redshift stand-in on 127.0.0.1, and whatever else is asked
 * for, until it is interrupted. Prints one line of JSON when all are ready.
 */
@Command(
    name = "sandbox",
    mixinStandardHelpOptions = true,
    description = "Serves an embedded S3 and an embedded Redshift stand-in until Ctrl-C.")
public final class Sandbox implements Callable<Integer> {
  private static final Logger LOG = LoggerFactory.getLogger(Sandbox.class);
  private static final String BUCKET = "penstock";

  @Option(
      names = "--dir",
      paramLabel = "D",
      description = "Keeps the content here; without it, a temporary folder, removed at the end.")
  private @Nullable Path directory;

  @Option(names = "--s3-port", paramLabel = "N", description = "0, the default: any free port.")
  private int s3Port;

  @Option(
      names = "--redshift-port",
      paramLabel = "N",
      description = "0, the default: any free port.")
  private int redshiftPort;

  @Option(
      names = "--bucket",
      paramLabel = "NAME",
      description = "A further bucket beside " + BUCKET + "; may be repeated.")
  private List<String> buckets = new ArrayList<>();

  @Mixin private S3Options s3Options = new S3Options();

  @Option(
      names = "--parent-pid",
      paramLabel = "PID",
      description = "Stop when this process has ended.")
  private @Nullable Long parent;

  @Option(
      names = "--tls",
      description =
          "Redshift takes encrypted connections only; the ready line tells where the certificate of"
              + " its authority is.")
  private boolean tls;

  @Option(
      names = "--ssh",
      description = "Serves SSH too, whose only use is to pass connections on to Redshift.")
  private boolean ssh;

  @Option(
      names = "--events",
      description = "Receives events too, keeps them, and fails as it is told to.")
  private boolean events;

  @Option(names = "--events-port", paramLabel = "N", description = "0, the default: any free port.")
  private int eventsPort;

  private final CountDownLatch stopped = new CountDownLatch(1);

  /** Exit codes: 0 stopped, 1 failed, 2 usage. */
  public static void main(String[] arguments) {
    System.exit(new CommandLine(new Sandbox()).execute(arguments));
  }

  @Override
  public Integer call() throws Exception {
    boolean temporary = directory == null;
    Path home =
        directory == null
            ? Files.createTempDirectory("penstock-sandbox-")
            : Files.createDirectories(directory).toRealPath();
    CountDownLatch cleaned = new CountDownLatch(1);
    AtomicBoolean stopping = new AtomicBoolean();
    Thread hook =
        new Thread(
            () -> {
              stopping.set(true);
              stopped.countDown();
              await(cleaned);
            },
            "stop");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      serve(home, stopping);
      return 0;
    } catch (IOException | SQLException e) {
      System.err.println("The sandbox did not start: " + e.getMessage());
      return 1;
    } finally {
      if (temporary) {
        Folders.delete(home);
      }
      cleaned.countDown();
    }
  }

  private void serve(Path home, AtomicBoolean stopping)
      throws IOException, SQLException, InterruptedException {
    try (FileChannel channel =
            FileChannel.open(
                home.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock lock = channel.tryLock()) {
      if (lock == null) {
        throw new IOException(
            "another sandbox serves " + home + "; stop it or choose another --dir");
      }
      Credentials credentials = Credentials.of(home);
      Set<String> allBuckets = new LinkedHashSet<>(List.of(BUCKET));
      allBuckets.addAll(buckets);
      AtomicReference<@Nullable TemporaryUsers> users = new AtomicReference<>();
      CompletableFuture<S3Server> s3 =
          CompletableFuture.supplyAsync(() -> startS3(home, allBuckets, credentials, later(users)));
      TlsIdentity identity = tls ? TlsIdentity.of(home.resolve("tls")) : null;
      try (PostgresServer postgres =
              PostgresServer.start(home.resolve("redshift"), credentials.superuserPassword());
          S3Server s3Server = join(s3);
          CopyUnload copyUnload =
              new CopyUnload(
                  s3Server.endpoint(), LoadErrorLog.open(postgres.dataSource("postgres")));
          RedshiftServer redshift =
              RedshiftServer.start(
                  postgres, redshiftPort, credentials.password(), List.of(copyUnload), identity);
          TunnelServer tunnel = ssh ? tunnel(home, credentials, redshift) : null;
          EventReceiver receiver = events ? receiver(home, credentials) : null) {
        users.set(new TemporaryUsers(postgres.dataSource(RedshiftServer.DATABASE)));
        if (!stopping.get()) {
          ReadyLine line = ReadyLine.of(s3Server, home.resolve("s3"), redshift, credentials);
          line = identity == null ? line : line.with(identity);
          line = tunnel == null ? line : line.with(tunnel, credentials);
          line = receiver == null ? line : line.with(receiver);
          print(System.out, line.json());
          watchParent();
        }
        stopped.await();
      }
    }
  }

  /** S3 is up before the database is. */
  private static LoginIssuer later(AtomicReference<@Nullable TemporaryUsers> users) {
    return (user, lifetime) -> {
      TemporaryUsers started = users.get();
      if (started == null) {
        throw new IOException("the database has not started yet");
      }
      return started.issue(user, lifetime);
    };
  }

  private static TunnelServer tunnel(Path home, Credentials credentials, RedshiftServer redshift)
      throws IOException {
    return TunnelServer.start(
        home.resolve("ssh"),
        credentials.sshPassword(),
        new Destination(Set.of(TlsIdentity.HOST), redshift.port()));
  }

  private EventReceiver receiver(Path home, Credentials credentials) throws IOException {
    return EventReceiver.start(home.resolve("events"), eventsPort, credentials.writeKey());
  }

  private S3Server startS3(
      Path home, Set<String> allBuckets, Credentials credentials, LoginIssuer logins) {
    try {
      AccessKey owner = new AccessKey(credentials.accessKey(), credentials.secretKey());
      return S3Server.start(
          new S3Settings(
              home.resolve("s3"),
              s3Port,
              s3Options.region(),
              allBuckets,
              s3Options.permissions(owner)),
          logins);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static S3Server join(CompletableFuture<S3Server> starting)
      throws IOException, InterruptedException {
    try {
      return starting.get();
    } catch (ExecutionException e) {
      throw new IOException("the S3 server failed: " + e.getMessage(), e);
    }
  }

  private static void print(PrintStream out, String line) {
    out.println(line);
    out.flush();
  }

  private void watchParent() {
    if (parent == null) {
      return;
    }
    ProcessHandle.of(parent)
        .ifPresentOrElse(
            process -> process.onExit().thenRun(stopped::countDown), stopped::countDown);
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      LOG.warn("Interrupted while the sandbox stops");
      Thread.currentThread().interrupt();
    }
  }
}
