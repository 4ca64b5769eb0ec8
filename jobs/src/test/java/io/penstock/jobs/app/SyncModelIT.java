package io.penstock.jobs.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.penstock.common.config.JobFile;
import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.plan.RunPlans;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.RunRecord;
import io.penstock.jobs.app.FaultyWiring.Fault;
import io.penstock.jobs.read.redshift.ReadFolder;
import io.penstock.jobs.record.RunRecords;
import io.penstock.jobs.report.Progress;
import io.penstock.jobs.store.ObjectStore;
import io.penstock.jobs.testing.EventsControl;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.SandboxProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Random changes of a table in Redshift, each followed by a sync that may die anywhere and may be
 * started again under its run id or another, to a receiver that refuses records, is slow, breaks
 * connections and loses answers. After a quiet sync the receiver knows what the table holds; no
 * message ever said two things, and nothing was told under two ids.
 *
 * <p>Some of the runs are processes that are killed: as many as {@code -Dpenstock.test.sync-kills}
 * says. {@code -Dpenstock.test.seed} repeats what a failed test has named.
 */
class SyncModelIT {
  private static final SandboxProcess SANDBOX = SandboxProcess.shared();
  private static final EventsControl RECEIVER = SANDBOX.events();
  private static final int KILLS = Integer.getInteger("penstock.test.sync-kills", 3);
  private static final Duration STEP = Duration.ofMinutes(1);
  private static final Duration LAG = Duration.ofMinutes(5);
  private static final Duration PATIENCE = Duration.ofMinutes(5);
  private static final int KEYS = 12;
  private static final int ROUNDS_OF_ALL = 13;
  private static final String JOB =
      """
      job = "people"
      sources {
        people {
          format = redshift, table = "$table", reader = jdbc
          connection {
            endpoint-override = "$host:$port", host = "cluster.example.com", database = "$database"
            user = "$user", password = "$password", tls { mode = disable }
          }
          staging { $s3, prefix = "$scene/unload" }
        }
      }
      template { columns = [ $columns ] }
      sync { $sync, state { $state } }
      rejects { max = 1000 }
      destinations {
        crm {
          type = events
          to { http { url = "$url", write-key = "$key" } }
          identity { user-id = id }
          traits { mail = email }
          batch { rows = 3 }
          requests-per-second = null, retries = 1, timeout-seconds = 1
        }
      }
      """;

  @TempDir static Path temporary;

  /** A row of the source. */
  private record Person(long id, String email, Instant updated) {
    String values() {
      return "(%d, '%s', '%s')".formatted(id, email, updated);
    }
  }

  /** Where a process is killed. */
  private enum Spot {
    WHILE_IT_COMPARES,
    WHILE_IT_SENDS,
    ONCE_IT_HAS_SENT
  }

  private final List<Person> source = new ArrayList<>();
  private final Map<String, String> told = new HashMap<>();
  private final long seed = Long.getLong("penstock.test.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private Instant now = Instant.parse("2026-11-01T00:00:00Z");
  private int received;
  private int killed;
  private int toldAgain;
  private boolean rests;

  @ParameterizedTest
  @CsvSource({"mirror, 30", "cursor, 13", "schema, 11"})
  void afterAQuietSyncTheReceiverKnowsWhatTheSourceHolds(String kind, int rounds) throws Exception {
    boolean cursor = kind.equals("cursor");
    RECEIVER.reset();
    LocalSpark.session();
    RunScene scene = scene(kind);
    Optional<String> unfinished = Optional.empty();
    Deque<Optional<Fault>> faults = faults(rounds, kind.equals("mirror") ? KILLS : 0);
    for (int round = 0; !faults.isEmpty(); round++) {
      if (change(cursor)) {
        write(scene);
        told.clear();
      }
      Optional<Fault> fault = faults.remove();
      boolean done = false;
      String runId = "run" + round;
      if (fault.isEmpty()) {
        kill(scene, runId);
      } else {
        runId = unfinished.filter(id -> random.nextBoolean()).orElse(runId);
        receiverFails();
        done = run(scene, runId, fault.get());
        if (done && fault.get() != Fault.NONE) {
          // the run was done already, and did not come to it
          faults.add(fault);
        }
      }
      RECEIVER.heal();
      requireSameIds();
      unfinished = done ? Optional.empty() : Optional.of(runId);
    }
    now = now.plus(STEP);
    source.removeIf(person -> count(person.id()) > 1);
    write(scene);
    for (String last : List.of("quiet", "quieter")) {
      assertThat(run(scene, last, Fault.NONE)).as("seed %d", seed).isTrue();
    }

    Map<String, String> expected = new TreeMap<>();
    source.forEach(person -> expected.put(Long.toString(person.id()), person.email()));
    Profiles profiles = Profiles.of(RECEIVER.received());
    Map<String, String> known = profiles.trait("mail");
    if (cursor) {
      // a cursor does not see what is gone
      known.keySet().retainAll(expected.keySet());
    }
    assertThat(known).as("seed %d", seed).isEqualTo(expected);
    assertThat(profiles.duplicates()).as("seed %d", seed).isPositive();
  }

  @Test
  void whatADeadRunHasDeliveredIsToldAgainUnderTheSameIds() throws Exception {
    RECEIVER.reset();
    RunScene scene = scene("dead");
    for (int id = 0; id < KEYS; id++) {
      source.add(new Person(id, "v", now));
    }
    write(scene);

    assertThat(run(scene, "dies", Fault.AFTER_DELIVERY)).isFalse();
    requireSameIds();
    now = now.plus(STEP);
    assertThat(run(scene, "another", Fault.NONE)).isTrue();
    requireSameIds();

    assertThat(received).isEqualTo(2 * KEYS);
    assertThat(toldAgain).isEqualTo(KEYS);
  }

  private RunScene scene(String kind) throws Exception {
    boolean cursor = kind.equals("cursor");
    String name = "sync_" + kind;
    RunScene scene = new RunScene(name, temporary.resolve(name));
    SandboxProcess.Redshift redshift = SANDBOX.redshift();
    String columns = "{ name = id, from = id }, { name = email, from = email }";
    scene.jobFile(
        JOB.replace("$table", scene.table())
            .replace("$host", redshift.host())
            .replace("$port", String.valueOf(redshift.port()))
            .replace("$database", redshift.database())
            .replace("$user", redshift.user())
            .replace("$password", redshift.password())
            .replace("$url", RECEIVER.url().toString())
            .replace("$key", RECEIVER.writeKey())
            .replace("$state", kind.equals("schema") ? "schema = " + name : "path = \"sync-state\"")
            .replace("$columns", columns + (cursor ? ", { name = updated, from = updated }" : ""))
            .replace(
                "$sync",
                cursor
                    ? "mode = upsert, keys = [id], cursor = updated, lag = 5 minutes"
                    : "mode = mirror, keys = [id]"));
    if (kind.equals("schema")) {
      scene.execute("CREATE SCHEMA " + name);
    }
    scene.execute(
        "CREATE TABLE " + scene.table() + " (id BIGINT, email VARCHAR(20), updated TIMESTAMPTZ)");
    return scene;
  }

  /**
   * Each of them as often as the others, runs that do not die, and kills of processes, which are
   * empty.
   */
  private Deque<Optional<Fault>> faults(int rounds, int kills) {
    Fault[] all = Fault.values();
    List<Optional<Fault>> faults = new ArrayList<>(Collections.nCopies(kills, Optional.empty()));
    for (int i = 0; i < rounds - kills; i++) {
      int fault = i % ROUNDS_OF_ALL;
      faults.add(Optional.of(fault < all.length ? all[fault] : Fault.NONE));
    }
    Collections.shuffle(faults, random);
    return new ArrayDeque<>(faults);
  }

  /** Nothing is wrong with it as often as not. */
  private void receiverFails() {
    switch (random.nextInt(10)) {
      case 0 -> RECEIVER.fault(Map.of("answer", "429", "retryAfter", "0", "times", 1));
      case 1 -> RECEIVER.fault(Map.of("answer", "500", "kept", "half", "times", 2));
      case 2 -> RECEIVER.fault(Map.of("answer", "drop", "kept", "all", "times", 2));
      case 3 -> RECEIVER.fault(Map.of("answer", "hold", "kept", "half", "times", 1));
      case 4 -> RECEIVER.refuse("/userId", String.valueOf(random.nextInt(KEYS)));
      default -> {}
    }
  }

  private long count(long id) {
    return source.stream().filter(person -> person.id() == id).count();
  }

  /** Whether there is a change. */
  private boolean change(boolean cursor) {
    now = now.plus(STEP);
    int changes = rests || random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(5);
    rests = false;
    for (int change = 0; change < changes; change++) {
      long id = random.nextInt(KEYS);
      // few values, so that rows often become again what they were
      String email = "v" + random.nextInt(3);
      Instant updated = cursor ? at() : now;
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
    return changes > 0;
  }

  /** Now, a little late, or by a clock that is ahead. */
  private Instant at() {
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

  private void write(RunScene scene) throws Exception {
    String rows = source.stream().map(Person::values).collect(Collectors.joining(", "));
    scene.execute("DELETE FROM " + scene.table());
    if (!source.isEmpty()) {
      scene.execute("INSERT INTO " + scene.table() + " VALUES " + rows);
    }
  }

  /** Whether the run said that it was done. */
  private boolean run(RunScene scene, String runId, Fault fault) {
    Map<String, String> keys = new HashMap<>();
    keys.put("sources.people.reader", random.nextInt(6) == 0 ? "unload" : "jdbc");
    keys.put("rejects.max", random.nextBoolean() ? "0" : "1000");
    if (fault == Fault.WITHIN_DELIVERY) {
      keys.put("destinations.crm.retries", "0");
    }
    JobFile job =
        JobFiles.load(scene.folder().resolve("job.conf"), new Overrides(keys, Optional.empty()));
    RunContext context = new RunContext(job.job(), runId, now, Optional.empty());
    try (Progress progress = new Progress(System.err, Progress.Style.NONE);
        JobWiring wiring = new JobWiring(job, progress, ReadFolder.ofRun(job));
        ObjectStore store = Stores.open(job.state())) {
      FaultyWiring faulty = new FaultyWiring(wiring, RECEIVER, fault, random);
      RunRecords records = new RunRecords(faulty.mortal(store), job.job());
      RunRecord record = new JobRunner(records, faulty, progress).run(RunPlans.plan(job, context));
      assertThat(record.runId()).isEqualTo(runId);
      return true;
    } catch (FailedRun failed) {
      if (failed.failure().code() != ErrorCode.EVENTS_INCOMPLETE) {
        assertThat(fault).as("seed %d: %s", seed, failed.failure()).isNotEqualTo(Fault.NONE);
      }
      return false;
    }
  }

  /** A process, which has lived until it said or did something, and a little longer. */
  private void kill(RunScene scene, String runId) throws Exception {
    Spot spot = Spot.values()[killed++ % Spot.values().length];
    if (spot == Spot.WHILE_IT_SENDS) {
      String kept = List.of("none", "half", "all").get(random.nextInt(3));
      RECEIVER.fault(Map.of("answer", "hold", "kept", kept));
    }
    // it must have something to send
    source.add(new Person(100 + killed, "new", now));
    write(scene);
    told.clear();
    rests = true;
    List<String> command = new ArrayList<>(List.of("run", "job.conf", "--run-id", runId));
    command.addAll(List.of("-D", "destinations.crm.timeout-seconds=600"));
    long begin = System.nanoTime();
    try (PenstockProcess process = PenstockProcess.start(scene.folder(), command)) {
      while (process.isAlive() && !isAt(spot, process)) {
        assertThat(System.nanoTime() - begin).as(process::err).isLessThan(PATIENCE.toNanos());
        Thread.sleep(4);
      }
      Thread.sleep(random.nextInt(400));
      assertThat(process.isAlive()).as("seed %d: %s", seed, process.err()).isTrue();
    }
  }

  private boolean isAt(Spot spot, PenstockProcess process) {
    return switch (spot) {
      case WHILE_IT_COMPARES -> process.hasSaid("sync: comparing");
      case WHILE_IT_SENDS -> process.hasSaid("crm: publishing");
      case ONCE_IT_HAS_SENT -> RECEIVER.received().size() > received;
    };
  }

  /** What is told once more while the source is the same is told under the same id. */
  private void requireSameIds() {
    List<JsonNode> records = RECEIVER.received();
    for (JsonNode record : records.subList(received, records.size())) {
      String id = Profiles.id(record);
      Optional<String> earlier = Optional.ofNullable(told.put(Profiles.user(record), id));
      assertThat(earlier.orElse(id)).as("seed %d", seed).isEqualTo(id);
      toldAgain += earlier.isPresent() ? 1 : 0;
    }
    received = records.size();
  }
}
