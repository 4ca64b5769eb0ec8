package io.penstock.jobs.testing;

import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A Spark standalone cluster of processes on 127.0.0.1, started from the Maven jars: a master, and
 * workers of one core each. What runs on it is the packaged jar, whose own dependencies the cluster
 * does not have.
 */
public final class StandaloneCluster implements AutoCloseable {
  /** What {@code penstock-jobs.jar} brings, and so no cluster has to. */
  private static final Pattern IN_THE_JAR =
      Pattern.compile(
          "(penstock-|gkl-|gatk-|bcpg-|bcprov-|bcutil-|config-|delta-|spark-avro_|picocli-|redshift-jdbc42-|jspecify-"
              + "|secretsmanager-|ssm-).*");

  /** Options of a JVM that ends before its code would be compiled well. */
  public static final String FAST_START = "-XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  private static final Pattern MASTER_READY = Pattern.compile("Starting Spark master at (\\S+)");
  private static final String WORKER_READY = "Successfully registered with master";
  private static final Duration START = Duration.ofSeconds(240);

  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final List<Process> workers = new ArrayList<>();
  private String master = "";

  private StandaloneCluster(Path home) {
    this.home = home;
  }

  /**
   * Starts a master and workers.
   *
   * @param home an empty folder: {@code SPARK_HOME}, logs, and the work folders of executors
   */
  public static StandaloneCluster start(Path home, int workers)
      throws IOException, InterruptedException {
    StandaloneCluster cluster = new StandaloneCluster(home);
    try {
      cluster.install();
      cluster.startMaster();
      cluster.startWorkers(workers);
      return cluster;
    } catch (IOException | InterruptedException | RuntimeException e) {
      cluster.close();
      throw e;
    }
  }

  /** The jars that the platform provides: Spark, Hadoop, S3A and what they need. */
  public static List<Path> platformJars() throws IOException {
    String classPath = Files.readString(Path.of("target", "classpath.txt")).strip();
    return Stream.of(classPath.split(File.pathSeparator))
        .map(Path::of)
        .filter(jar -> !IN_THE_JAR.matcher(jar.getFileName().toString()).matches())
        .toList();
  }

  /** What Spark needs on Java 17, as this JVM was given it. */
  public static List<String> moduleOptions() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("--add-opens") || argument.startsWith("-Djdk."))
        .toList();
  }

  private void install() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    for (Path jar : platformJars()) {
      Files.createSymbolicLink(jars.resolve(jar.getFileName()), jar);
    }
    for (String folder : new String[] {"conf", "logs", "local", "work"}) {
      Files.createDirectories(home.resolve(folder));
    }
  }

  private void startMaster() throws IOException, InterruptedException {
    Path log = home.resolve("logs").resolve("master.log");
    start(
        log,
        "-Xmx192m",
        "org.apache.spark.deploy.master.Master",
        "--host",
        "127.0.0.1",
        "--port",
        "0",
        "--webui-port",
        "0");
    master = await(log, MASTER_READY).group(1);
  }

  /** Starts further workers and waits until the master has them. */
  public void startWorkers(int count) throws IOException, InterruptedException {
    int first = workers.size();
    for (int i = first; i < first + count; i++) {
      workers.add(
          start(
              home.resolve("logs").resolve("worker-" + i + ".log"),
              "-Xmx192m",
              "org.apache.spark.deploy.worker.Worker",
              "--host",
              "127.0.0.1",
              "--port",
              "0",
              "--webui-port",
              "0",
              "--cores",
              "1",
              "--memory",
              "700m",
              "--work-dir",
              home.resolve("work").resolve(Integer.toString(i)).toString(),
              master));
    }
    for (int i = first; i < first + count; i++) {
      await(home.resolve("logs").resolve("worker-" + i + ".log"), Pattern.compile(WORKER_READY));
    }
  }

  private Process start(Path log, String... arguments) throws IOException {
    ProcessBuilder builder = java(List.of(arguments));
    builder.redirectErrorStream(true).redirectOutput(log.toFile());
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  private ProcessBuilder java(List<String> arguments) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(moduleOptions());
    command.addAll(List.of(FAST_START.split(" ")));
    command.add("-cp");
    command.add(home.resolve("conf") + File.pathSeparator + home.resolve("jars").resolve("*"));
    command.addAll(arguments);
    ProcessBuilder builder = new ProcessBuilder(command).directory(home.toFile());
    Map<String, String> environment = builder.environment();
    environment.keySet().removeIf(name -> name.startsWith("SPARK_") || name.startsWith("AWS_"));
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("SPARK_HOME", home.toString());
    environment.put("SPARK_CONF_DIR", home.resolve("conf").toString());
    environment.put("SPARK_SCALA_VERSION", "2.12");
    environment.put("SPARK_LOCAL_IP", "127.0.0.1");
    environment.put("SPARK_LOCAL_DIRS", home.resolve("local").toString());
    environment.put("SPARK_MASTER_OPTS", "-Dspark.master.rest.enabled=false");
    environment.put("AWS_EC2_METADATA_DISABLED", "true");
    return builder;
  }

  private Matcher await(Path log, Pattern line) throws IOException, InterruptedException {
    Instant deadline = Instant.now().plus(START);
    while (Instant.now().isBefore(deadline)) {
      Matcher found = line.matcher(Files.readString(log));
      if (found.find()) {
        return found;
      }
      Thread.sleep(50);
    }
    throw new IllegalStateException("no '" + line + "' in:\n" + Files.readString(log));
  }

  /** As {@code spark-submit --class io.penstock.jobs.Penstock jar arguments} in client mode. */
  public DriverProcess submit(
      String name,
      Path jar,
      Map<String, String> settings,
      Map<String, String> secrets,
      List<String> arguments)
      throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of("-Xmx640m", "org.apache.spark.deploy.SparkSubmit", "--master", master));
    settings.forEach((key, value) -> command.addAll(List.of("--conf", key + "=" + value)));
    command.addAll(List.of("--class", "io.penstock.jobs.Penstock", jar.toString()));
    command.addAll(arguments);
    ProcessBuilder builder = java(command);
    builder.environment().putAll(secrets);
    DriverProcess driver = DriverProcess.start(builder, home.resolve("logs"), name);
    processes.add(driver.process());
    return driver;
  }

  /** Ends a worker and its executors at once, as when their machine is lost. */
  public void killWorker(int number) throws InterruptedException {
    Process worker = workers.get(number);
    List<ProcessHandle> executors = worker.descendants().toList();
    worker.destroyForcibly();
    executors.forEach(ProcessHandle::destroyForcibly);
    worker.waitFor();
  }

  /** The command lines of all its running processes, drivers and executors included. */
  public List<String> commandLines() {
    return processes.stream()
        .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
        .map(StandaloneCluster::commandLine)
        .toList();
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(
          Path.of("/proc", Long.toString(process.pid()), "cmdline"), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return process.info().commandLine().orElse("");
    }
  }

  /** Everything its processes wrote: their logs, and the outputs of executors. */
  public String logs() throws IOException {
    StringBuilder all = new StringBuilder();
    for (String folder : new String[] {"logs", "work"}) {
      try (Stream<Path> files = Files.walk(home.resolve(folder))) {
        for (Path file : files.filter(StandaloneCluster::isText).toList()) {
          all.append(Files.readString(file, StandardCharsets.ISO_8859_1));
        }
      }
    }
    return all.toString();
  }

  private static boolean isText(Path file) {
    return Files.isRegularFile(file) && !file.toString().endsWith(".jar");
  }

  @Override
  public void close() {
    List<ProcessHandle> all =
        processes.stream()
            .flatMap(process -> Stream.concat(Stream.of(process.toHandle()), process.descendants()))
            .toList();
    all.forEach(ProcessHandle::destroyForcibly);
    all.forEach(process -> process.onExit().join());
  }
}
