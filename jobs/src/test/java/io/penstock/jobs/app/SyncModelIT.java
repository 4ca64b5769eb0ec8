package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunRecord;
import io.penstock.jobs.app.FaultyWiring.Fault;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.testing.LocalSpark;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random changes of a source, each followed by a sync that may die anywhere and may be started
 * again under its run id or another, against an endpoint that refuses rows and loses replies. After
 * a quiet sync the endpoint has what the source has, and no message ever said two things.
 */
class SyncModelIT {
  private static final int ROUNDS = 30;
  private static final Duration STEP = Duration.ofMinutes(1);
  private static final Duration LAG = Duration.ofMinutes(5);
  private static final int KEYS = 12;

  @TempDir static Path temporary;

  /** A row of the source. */
  private record Person(long id, String email, Instant updated) {
    String json() {
      return "{'id': %d, 'email': '%s', 'updated': '%s'}".formatted(id, email, updated);
    }
  }

  private final List<Person> source = new ArrayList<>();
  private final SyncEndpoint endpoint = new SyncEndpoint();
  private final Set<Fault> happened = EnumSet.noneOf(Fault.class);
  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private int attempts;

  @ParameterizedTest
  @CsvSource({"mirror, 1", "cursor, 2"})
  void afterAQuietSyncTheEndpointHasWhatTheSourceHas(String kind, long seed) throws Exception {
    boolean cursor = kind.equals("cursor");
    Random random = new Random(seed);
    SyncScene scene = new SyncScene(temporary.resolve(kind));
    if (cursor) {
      scene
          .columns(
              "{ name = id, from = id }, { name = email, from = email }, { name = updated, from = updated }")
          .sync("mode = upsert, keys = [id], cursor = updated, lag = 5 minutes");
    }
    LocalSpark.session();
    JobFile job = JobFiles.load(scene.jobFile(), Overrides.none());
    Optional<String> unfinished = Optional.empty();
    for (int round = 0; round < ROUNDS; round++) {
      change(random, cursor);
      write(scene);
      Fault fault = Fault.values()[random.nextInt(Fault.values().length)];
      String runId = unfinished.filter(id -> random.nextBoolean()).orElse("run" + round);
      boolean done = run(job, runId, fault, random.nextBoolean(), random);
      unfinished = done ? Optional.empty() : Optional.of(runId);
    }
    now = now.plus(STEP);
    source.removeIf(person -> count(person.id()) > 1);
    write(scene);
    for (String last : List.of("quiet", "quieter")) {
      assertThat(run(job, last, Fault.NONE, false, random)).isTrue();
    }

    Map<Long, String> expected = new TreeMap<>();
    source.forEach(person -> expected.put(person.id(), person.email()));
    Map<Long, String> received = new TreeMap<>(endpoint.rows());
    if (cursor) {
      // a cursor does not see what is gone
      received.keySet().retainAll(expected.keySet());
    }
    assertThat(received).isEqualTo(expected);
    assertThat(endpoint.duplicates()).isPositive();
    assertThat(happened).hasSizeGreaterThan(7);
  }

  private long count(long id) {
    return source.stream().filter(person -> person.id() == id).count();
  }

  private void change(Random random, boolean cursor) {
    now = now.plus(STEP);
    for (int changes = random.nextInt(5); changes >= 0; changes--) {
      long id = random.nextInt(KEYS);
      // few values, so that rows often become again what they were
      String email = "v" + random.nextInt(3);
      Instant updated = cursor ? at(random) : now;
      List<Person> same = source.stream().filter(person -> person.id() == id).toList();
      switch (random.nextInt(6)) {
        case 0 -> source.removeAll(same);
        case 1 -> {
          source.removeAll(same);
          source.add(new Person(KEYS + id, email, updated));
        }
        case 2 -> source.add(new Person(id, email, cursor ? now : updated));
        default -> {
          source.removeAll(same);
          source.add(new Person(id, email, updated));
        }
      }
      if (cursor) {
        repeatedRowsAreSeenTogether();
      }
    }
  }

  /** Now, a little late, or by a clock that is ahead. */
  private Instant at(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> now.minus(LAG).plusSeconds(61 + random.nextInt(200));
      case 1 -> now.plusSeconds(random.nextInt(50));
      default -> now;
    };
  }

  /** Rows of one key that a cursor sees one after the other are to it a row and its update. */
  private void repeatedRowsAreSeenTogether() {
    source.replaceAll(
        person -> count(person.id()) > 1 ? new Person(person.id(), person.email(), now) : person);
  }

  private void write(SyncScene scene) throws Exception {
    scene.source(source.stream().map(Person::json).toArray(String[]::new));
  }

  /** Whether the run said that it was done. */
  private boolean run(JobFile job, String runId, Fault fault, boolean refuses, Random random) {
    RunContext context = new RunContext(job.job(), runId, now, Optional.empty());
    attempts++;
    try (Progress progress = new Progress(System.err, Progress.Style.NONE);
        JobWiring wiring = new JobWiring(job, progress, ReadFolder.ofRun(job));
        ObjectStore store = Stores.open(job.state())) {
      FaultyWiring faulty = new FaultyWiring(wiring, endpoint, fault, refuses, random);
      RunRecords records = new RunRecords(faulty.mortal(store), job.job());
      RunRecord record = new JobRunner(records, faulty, progress).run(RunPlans.plan(job, context));
      assertThat(record.runId()).as("attempt %d", attempts).isEqualTo(runId);
      return true;
    } catch (FailedRun failed) {
      assertThat(fault).as("%s", failed.failure()).isNotEqualTo(Fault.NONE);
      happened.add(fault);
      return false;
    }
  }
}
