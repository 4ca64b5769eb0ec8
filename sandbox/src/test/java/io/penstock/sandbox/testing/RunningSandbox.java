package io.penstock.sandbox.testing;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.apache.ApacheHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;

/**
 * The sandbox as its users start it: a process of its own, on the class path that the build wrote.
 */
public final class RunningSandbox implements AutoCloseable {
  private final Process process;
  private final String line;
  private final JsonNode ready;

  private RunningSandbox(Process process, String line) throws IOException {
    this.process = process;
    this.line = line;
    this.ready = new ObjectMapper().readTree(line);
  }

  /** Starts it and waits until it is ready. */
  public static RunningSandbox start(Path directory, String... options) throws IOException {
    List<String> arguments = new ArrayList<>(List.of("--dir", directory.toString()));
    arguments.addAll(List.of(options));
    Process process = launch(arguments);
    String line = firstLine(process);
    if (line == null) {
      throw new IOException("The sandbox ended with " + process.onExit().join().exitValue());
    }
    return new RunningSandbox(process, line);
  }

  /** Standard output is piped, standard error is the test's own. */
  public static Process launch(List<String> arguments) throws IOException {
    return builder(arguments).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }

  public static ProcessBuilder builder(List<String> arguments) throws IOException {
    Path target = Path.of("target").toAbsolutePath();
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    // the coverage of the process counts too
    ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .filter(argument -> argument.startsWith("-javaagent:") && argument.contains("jacoco"))
        .forEach(command::add);
    command.add("-Xmx300m");
    command.add("-cp");
    command.add(
        target.resolve("classes") + ":" + Files.readString(target.resolve("classpath.txt")));
    command.add("io.penstock.sandbox.Sandbox");
    command.addAll(arguments);
    return new ProcessBuilder(command);
  }

  private static String firstLine(Process process) throws IOException {
    return new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))
        .readLine();
  }

  public Process process() {
    return process;
  }

  /** The ready line as printed. */
  public String line() {
    return line;
  }

  public JsonNode ready() {
    return ready;
  }

  /** Through the Amazon Redshift JDBC driver, as the administrator. */
  public Connection connect() throws SQLException {
    return connect(ready.at("/redshift/user").asText(), ready.at("/redshift/password").asText());
  }

  public Connection connect(String user, String password) throws SQLException {
    Properties properties = new Properties();
    properties.setProperty("user", user);
    properties.setProperty("password", password);
    properties.setProperty("ssl", "false");
    return DriverManager.getConnection(
        "jdbc:redshift://127.0.0.1:"
            + ready.at("/redshift/port").asInt()
            + "/"
            + ready.at("/redshift/database").asText(),
        properties);
  }

  public S3Client s3() {
    return s3(ready.at("/s3/accessKey").asText(), ready.at("/s3/secretKey").asText());
  }

  public S3Client s3(String accessKey, String secretKey) {
    return S3Client.builder()
        .endpointOverride(URI.create(ready.at("/s3/endpoint").asText()))
        .region(Region.of(ready.at("/s3/region").asText()))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create(accessKey, secretKey)))
        .httpClientBuilder(ApacheHttpClient.builder())
        .build();
  }

  /** Ends it as Ctrl-C does and waits until all of it is gone. */
  @Override
  public void close() throws IOException {
    process.destroy();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IOException("The sandbox did not stop");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
