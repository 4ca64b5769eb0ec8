package io.penstock.jobs.load;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.jobs.testing.SandboxProcess;
import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.slf4j.LoggerFactory;

/**
 * A small process without Spark that carries out several loads at once, each held by a proxy of its
 * own, so that one SIGKILL ends all of them where they are.
 */
final class LoadVictim implements AutoCloseable {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final int SIGKILLED = 128 + 9;

  private final Process process;
  private final Path said;

  /**
   * What a victim is told.
   *
   * @param sandbox by {@link SandboxProcess#description}
   * @param rejects below which refused rows go
   */
  record Orders(String sandbox, String rejects, List<Order> loads) {}

  /**
   * @param port of the load's way to the database
   */
  record Order(LoadKind kind, String name, int port) {}

  private LoadVictim(Process process, Path said) {
    this.process = process;
    this.said = said;
  }

  /**
   * @param directory for what the process is told and says
   */
  static LoadVictim start(Path directory, Orders orders) throws IOException {
    Path told = Files.createTempFile(directory, "orders", ".json");
    MAPPER.writeValue(told.toFile(), orders);
    Path said = Files.createTempFile(directory, "victim", ".log");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-cp",
                classPath(),
                LoadVictim.class.getName(),
                told.toString())
            .redirectErrorStream(true)
            .redirectOutput(said.toFile())
            .start();
    return new LoadVictim(process, said);
  }

  /** What a load needs, and the JVM has to open: no Spark, no Hadoop, no AWS SDK. */
  private static String classPath() {
    Set<String> places = new LinkedHashSet<>();
    for (Class<?> needed :
        List.of(
            LoadVictim.class,
            RedshiftLoad.class,
            io.penstock.common.plan.LoadPlan.class,
            com.amazon.redshift.jdbc.Driver.class,
            ObjectMapper.class,
            com.fasterxml.jackson.core.JsonFactory.class,
            com.fasterxml.jackson.annotation.JsonProperty.class,
            org.assertj.core.api.Assertions.class,
            com.github.luben.zstd.ZstdInputStream.class,
            LoggerFactory.class)) {
      try {
        places.add(
            Path.of(needed.getProtectionDomain().getCodeSource().getLocation().toURI()).toString());
      } catch (URISyntaxException e) {
        throw new IllegalStateException(e);
      }
    }
    return String.join(File.pathSeparator, places);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  /** What it printed, which is nothing where all goes well. */
  String said() throws IOException {
    return Files.readString(said);
  }

  /** Sends SIGKILL, and waits until the process is gone. */
  void kill() throws InterruptedException {
    process.destroyForcibly();
    if (process.waitFor() != SIGKILLED) {
      throw new AssertionError("it had ended by itself, with " + process.exitValue());
    }
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }

  /** A load that ends, well or not, was not held: the process ends and says so. */
  public static void main(String[] arguments) throws Exception {
    Orders orders = MAPPER.readValue(new File(arguments[0]), Orders.class);
    SandboxProcess sandbox = SandboxProcess.described(orders.sandbox());
    for (Order order : orders.loads()) {
      LoadScene scene =
          order.kind().scene(sandbox, order.name(), Path.of(orders.rejects())).port(order.port());
      new Thread(() -> carryOut(order, scene)).start();
    }
    TimeUnit.DAYS.sleep(1);
  }

  private static void carryOut(Order order, LoadScene scene) {
    try {
      System.err.println(order + " ended: " + order.kind().load(scene));
    } catch (Throwable failure) {
      failure.printStackTrace();
    }
    Runtime.getRuntime().halt(1);
  }
}
