package io.penstock.jobs.events;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.plan.EventsPlan;
import io.penstock.common.plan.RunPlan.DestinationPlan;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.secret.LocalSecrets;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.deliver.DeliveryEngine;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.sandbox.events.EventReceiver;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.spark.sql.SparkSession;

/** A receiver of one's own, and plans of jobs that send to it. */
final class EventsScene implements AutoCloseable {
  static final String KEY = "canary5b1d-write-key";
  static final Instant NOW = Instant.parse("2026-11-01T10:20:30.123456Z");
  static final ObjectMapper JSON =
      new ObjectMapper()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .setNodeFactory(JsonNodeFactory.withExactBigDecimals(true));
  private static final EventsLimits QUICK =
      new EventsLimits(Duration.ofMillis(4), Duration.ofMillis(16), Duration.ofSeconds(5), 3);
  private static final SecretResolver SECRETS =
      new LocalSecrets(
          remote -> {
            throw new IllegalStateException("no secret is remote here");
          });

  private final Path folder;
  private final EventReceiver receiver;

  EventsScene(Path folder) throws IOException {
    this.folder = folder;
    this.receiver = EventReceiver.start(folder.resolve("received"), 0, KEY);
  }

  static SparkSession spark() {
    return LocalSpark.session();
  }

  EventReceiver receiver() {
    return receiver;
  }

  Path folder() {
    return folder;
  }

  /** The plan of a run that sends to the receiver; the keys are those of the destination. */
  EventsPlan plan(String runId, String keys) {
    return planOf(
        runId,
        "to { http { url = \"%s\", write-key = \"%s\" } }\nrequests-per-second = null\n"
                .formatted(receiver.url(), KEY)
            + keys);
  }

  /** As {@link #plan}, of a destination whose keys are all given. */
  EventsPlan planOf(String runId, String keys) {
    String text =
        """
        job = "crm"
        sources { rows { format = parquet, path = "rows" } }
        destinations { people { type = events
        %s
        } }
        """
            .formatted(keys);
    RunContext run = new RunContext("crm", runId, NOW, Optional.empty());
    return ((DestinationPlan.Events)
            RunPlans.plan(JobFiles.parse("job.conf", text, folder, Overrides.none()), run)
                .destinations()
                .get(0))
        .events();
  }

  /** The same plan for a run of another time. */
  static EventsPlan anHourLater(EventsPlan plan) {
    return new EventsPlan(
        plan.run().withNow(plan.run().now().plus(Duration.ofHours(1))),
        plan.destination(),
        plan.keys(),
        plan.ofSync(),
        plan.files(),
        plan.failed(),
        plan.rejects());
  }

  EventsEngine engine() {
    return new EventsEngine(
        spark(),
        SECRETS,
        (rows, plan) -> new DeliveryEngine(spark(), SECRETS).stage(rows, plan),
        QUICK);
  }

  List<JsonNode> received() throws IOException {
    return read(receiver.received());
  }

  static List<JsonNode> read(List<String> lines) throws IOException {
    List<JsonNode> records = new ArrayList<>();
    for (String line : lines) {
      records.add(JSON.readTree(line));
    }
    return records;
  }

  /** Lines of the files below a folder, in the order of their names. */
  List<String> lines(String below) throws IOException {
    List<String> lines = new ArrayList<>();
    for (Path file : files(below)) {
      lines.addAll(Files.readAllLines(file));
    }
    return lines;
  }

  /** The files below a folder, in the order of their names. */
  List<Path> files(String below) throws IOException {
    if (!Files.isDirectory(folder.resolve(below))) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(folder.resolve(below))) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }

  @Override
  public void close() throws IOException {
    receiver.close();
  }
}
