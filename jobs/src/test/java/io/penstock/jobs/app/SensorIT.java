package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.Encoding;
import io.penstock.common.config.OutputFormat;
import io.penstock.common.config.StoreLocation;
import io.penstock.common.config.WriteMode;
import io.penstock.common.names.FileName;
import io.penstock.common.plan.DeliveryPlan;
import io.penstock.common.plan.Packing;
import io.penstock.common.run.StagedDelivery;
import io.penstock.common.text.TextDialect;
import io.penstock.jobs.deliver.DeliveryEngine;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;
import software.amazon.awssdk.services.s3.model.S3Exception;

/** A receiver that looks at the prefix all the time, while deliveries replace each other. */
class SensorIT {
  private static final SparkSession SPARK = LocalSpark.session();
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final int DELIVERIES = 50;
  private static final int KILLED_EVERY = 20;
  private static final int ROWS = 4000;
  private static final long PAUSE_MILLIS = 10;

  @TempDir Path folder;

  private final AtomicBoolean ended = new AtomicBoolean();

  /** What the sensor has seen. */
  private record Seen(Set<Integer> complete, long looks, long withoutDoneFile) {}

  @Test
  void neverSeesPartOfADelivery() throws Exception {
    RunScene scene = new RunScene("sensor", folder);
    StoreLocation.Bucket location = SANDBOX.location("sensor/out");
    ExecutorService sensor = Executors.newSingleThreadExecutor();
    try {
      Future<Seen> looking = sensor.submit(() -> look(location));
      Random random = new Random(10);
      for (int delivery = 1; delivery <= DELIVERIES; delivery++) {
        if (delivery % KILLED_EVERY == 0) {
          killedDelivery(scene, delivery, random);
        } else {
          deliver(location, delivery);
        }
      }
      deliver(location, DELIVERIES + 1);
      Thread.sleep(10 * PAUSE_MILLIS);
      ended.set(true);
      Seen seen = looking.get(30, TimeUnit.SECONDS);
      assertThat(seen.complete()).contains(DELIVERIES + 1).hasSizeGreaterThan(DELIVERIES / 5);
      assertThat(seen.looks()).isGreaterThan(DELIVERIES);
      assertThat(seen.withoutDoneFile()).isPositive();
    } finally {
      ended.set(true);
      sensor.shutdownNow();
    }
  }

  private static void deliver(StoreLocation.Bucket location, int number) {
    DeliveryPlan plan =
        new DeliveryPlan(
            "out",
            location,
            new FileName("rows_", ".csv", true),
            new OutputFormat.Text("csv", TextDialect.csv()),
            Packing.plain(Encoding.NONE),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            WriteMode.OVERWRITE,
            Optional.of(".DONE"),
            Optional.empty());
    DeliveryEngine engine = new DeliveryEngine(SPARK, secret -> SANDBOX.s3().secretKey());
    try (StagedDelivery staged =
        engine.stage(SPARK.range(0, ROWS, 1, 2).selectExpr(number + " AS delivery", "id"), plan)) {
      staged.publish();
      staged.finish();
    }
  }

  /** A run of its own, ended by force while it stages or publishes. */
  private static void killedDelivery(RunScene scene, int number, Random random) throws Exception {
    StringBuilder rows = new StringBuilder("delivery,id\n");
    for (int id = 0; id < ROWS; id++) {
      rows.append(number).append(',').append(id).append('\n');
    }
    Files.writeString(scene.folder().resolve("rows.csv"), rows);
    Path job =
        scene.jobFile(
            """
            job = "sensor"
            sources { rows { format = csv, path = "rows.csv", options { header = "true" } } }
            destinations {
              out { type = s3, $s3, prefix = "$scene/out", format = csv, file-name = "rows_{{file_number}}.csv" }
            }
            """);
    String moment = number % (2 * KILLED_EVERY) == 0 ? "out: staging" : "out: publishing";
    try (PenstockProcess run =
        PenstockProcess.start(
            scene.folder(), List.of("run", job.toString(), "--run-id", "killed-" + number))) {
      while (run.isAlive() && !run.hasSaid(moment)) {
        Thread.sleep(1);
      }
      Thread.sleep(random.nextInt(60));
      run.signal("KILL");
      run.exitCode();
    }
  }

  private Seen look(StoreLocation.Bucket location) throws InterruptedException {
    Set<Integer> complete = new HashSet<>();
    long looks = 0;
    long without = 0;
    try (S3Client client = client()) {
      while (!ended.get()) {
        Map<String, String> before = listing(client, location);
        Map<Integer, Integer> rows = new HashMap<>();
        boolean all = true;
        for (String key : before.keySet()) {
          all &= key.endsWith("/.DONE") || read(client, location, key, rows);
        }
        boolean done = before.containsKey(location.prefix() + "/.DONE");
        // what did not change while it was read was all there at once
        if (done && all && before.equals(listing(client, location))) {
          assertThat(rows).hasSize(1).containsValue(ROWS);
          complete.addAll(rows.keySet());
        }
        looks++;
        without += done ? 0 : 1;
        Thread.sleep(PAUSE_MILLIS);
      }
    }
    return new Seen(complete, looks, without);
  }

  private static Map<String, String> listing(S3Client client, StoreLocation.Bucket location) {
    Map<String, String> objects = new TreeMap<>();
    client
        .listObjectsV2(list -> list.bucket(location.bucket()).prefix(location.prefix() + "/"))
        .contents()
        .forEach(object -> objects.put(object.key(), object.eTag()));
    return objects;
  }

  /** Counts rows by delivery; false where the object has gone meanwhile. */
  private static boolean read(
      S3Client client, StoreLocation.Bucket location, String key, Map<Integer, Integer> rows) {
    try {
      String text =
          new String(
              client.getObjectAsBytes(get -> get.bucket(location.bucket()).key(key)).asByteArray(),
              StandardCharsets.UTF_8);
      assertThat(text).as(key).startsWith("delivery,id\n").endsWith("\n");
      Set<Integer> deliveries = new HashSet<>();
      for (String line : text.lines().skip(1).toList()) {
        int delivery = Integer.parseInt(line.substring(0, line.indexOf(',')));
        deliveries.add(delivery);
        rows.merge(delivery, 1, Integer::sum);
      }
      assertThat(deliveries).as(key).hasSize(1);
      return true;
    } catch (NoSuchKeyException gone) {
      return false;
    } catch (S3Exception changed) {
      // a plain file that is replaced while the sandbox opens it
      assertThat(changed.statusCode()).isIn(404, 412, 500);
      return false;
    }
  }

  private static S3Client client() {
    return S3Client.builder()
        .endpointOverride(URI.create(SANDBOX.s3().endpoint()))
        .region(Region.of(SANDBOX.s3().region()))
        .forcePathStyle(true)
        .credentialsProvider(
            StaticCredentialsProvider.create(
                AwsBasicCredentials.create(SANDBOX.s3().accessKey(), SANDBOX.s3().secretKey())))
        .build();
  }
}
