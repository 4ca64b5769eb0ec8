package io.penstock.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.SyncConfig;
import io.penstock.common.config.SyncConfig.Mode;
import io.penstock.common.config.SyncConfig.StateLocation;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.RunContext;
import io.penstock.common.run.SyncResult;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.sync.RowFailure;
import io.penstock.jobs.testing.LocalSpark;
import io.penstock.jobs.testing.RecordingDriver;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Syncs whose state is in Redshift and that die at every place where that has changed, and syncs
 * that find it damaged. A dead process sends nothing more; what it has sent and not committed the
 * server takes back.
 */
class RedshiftSyncIT {
  private static final StructType ROWS =
      new StructType().add("id", DataTypes.LongType).add("email", DataTypes.StringType);
  private static final StructType FAILED =
      new StructType().add("id", DataTypes.LongType).add(RowFailure.COLUMN, DataTypes.StringType);
  private static final List<Column> COLUMNS =
      List.of(
          new Column("id", RedshiftType.of(Kind.BIGINT), true, false),
          new Column("email", RedshiftType.varchar(40), true, false));
  private static final SyncConfig MIRROR =
      new SyncConfig(
          Mode.MIRROR, List.of("id"), Optional.empty(), new StateLocation.Schema("unused"));

  /** What a killed process does not live to see. */
  private static final class Killed extends Error {
    private static final long serialVersionUID = 1L;
  }

  private final Map<Long, String> source = new TreeMap<>();
  private final Map<Long, String> received = new TreeMap<>();
  private long known;
  private int rounds;

  private void change() {
    rounds++;
    source.put(1L, "changes every time " + rounds);
    source.put(100L + rounds, "new");
    source.remove(98L + rounds);
  }

  private Dataset<Row> rows() {
    List<Row> rows = new ArrayList<>();
    source.forEach((id, email) -> rows.add(RowFactory.create(id, email)));
    return LocalSpark.session().createDataFrame(rows, ROWS).coalesce(1);
  }

  private Sync open(RedshiftState state, boolean anew) {
    RunContext run =
        new RunContext(
            "people", "run" + rounds, Instant.parse("2026-11-01T00:00:00Z"), Optional.empty());
    return Sync.open(
        new Sync.Order(MIRROR, run, anew, known),
        state,
        new MappedColumns(COLUMNS, ROWS),
        new Fingerprint().add(Fingerprint.Part.KEYS, "id", "id bigint"));
  }

  /**
   * @param refused a key that the destination does not take
   */
  private SyncResult sync(RedshiftState state, Optional<Long> refused, boolean anew) {
    try (Sync sync = open(state, anew)) {
      Dataset<Row> rows = rows();
      sync.compare(new Sync.Source(rows, Optional.empty(), rows));
      List<Row> changes = sync.changes().collectAsList();
      sync.publishing();
      for (Row change : changes) {
        deliver(change, refused);
      }
      SyncResult result =
          sync.confirm(
              refused.stream()
                  .map(id -> List.of(RowFactory.create(id, "503")))
                  .map(failed -> LocalSpark.session().createDataFrame(failed, FAILED))
                  .toList());
      sync.advance();
      known = sync.number();
      return result;
    }
  }

  private void deliver(Row change, Optional<Long> refused) {
    long id = change.getLong(0);
    if (refused.filter(key -> key == id).isPresent()) {
      return;
    }
    if (change.getString(2).equals("delete")) {
      received.remove(id);
    } else {
      received.put(id, change.getString(1));
    }
  }

  private SyncResult quiet(StateScene scene) {
    return sync(scene.state(), Optional.empty(), false);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void nothingIsForgottenWhereverASyncDies(boolean staged) throws Exception {
    StateScene scene = new StateScene(staged ? "dying" : "dying2", staged);
    change();
    quiet(scene);
    change();
    RecordingDriver undisturbed = new RecordingDriver();
    SyncResult result = sync(scene.state(undisturbed), Optional.of(1L), false);
    assertThat(result.failed()).isEqualTo(1);
    List<Integer> places = places(undisturbed.recorded(), staged);
    assertThat(places).hasSizeGreaterThan(staged ? 6 : 2);

    for (int place : places) {
      change();
      String what = "before " + place + ", " + undisturbed.recorded().get(place - 1);
      assertThat(dies(scene, place)).as(what).isTrue();
      // the same rows as those that were perhaps sent, or as before
      if (place % 2 == 0) {
        source.put(1L, "changes every time " + (rounds - 1));
      }
      quiet(scene);
      assertThat(received).as(what).isEqualTo(source);
    }

    assertThat(scene.tables())
        .extracting(table -> table.replaceAll("\\d+ of .*|_? of .*", ""))
        .containsExactly("cursor", "snapshot_", "state", "sync_log");
    assertThat(scene.staged()).isEmpty();
  }

  /**
   * After each COMMIT, before the first of them, and between what is no part of a transaction: any
   * other place is like one of these to the server. Where rows are inserted, as far as that goes.
   */
  private static List<Integer> places(List<String> recorded, boolean staged) {
    List<Integer> places = new ArrayList<>();
    int end = staged ? recorded.size() : recorded.indexOf("COMMIT") + 12;
    for (int i = 1; i < end; i++) {
      boolean first = places.isEmpty() && recorded.get(i).equals("COMMIT");
      boolean alone =
          recorded.get(i).startsWith("DROP ") && recorded.get(i - 1).startsWith("DROP ");
      if (first || alone || recorded.get(i - 1).equals("COMMIT")) {
        places.add(i + 1);
      }
    }
    return places;
  }

  /** Whether it did: the number of its statements is that of the one that was recorded. */
  private boolean dies(StateScene scene, int place) {
    int[] sent = {0};
    RecordingDriver dying =
        new RecordingDriver(
            sql -> {
              sent[0]++;
              if (sent[0] >= place) {
                throw new Killed();
              }
            });
    try {
      sync(scene.state(dying), Optional.of(1L), false);
      return false;
    } catch (Killed killed) {
      return true;
    }
  }

  @Test
  void aStateThatIsDamagedIsRefusedAndBeginsAnewWhenItIsAskedTo() throws Exception {
    StateScene scene = new StateScene("damaged", true);
    change();
    quiet(scene);
    change();
    quiet(scene);

    assertThat(refusal(scene, "DELETE FROM $snapshot_2\" WHERE id = 1"))
        .isEqualTo("STATE_UNREADABLE: its snapshot had 3 rows when it was written, and has 2");
    assertThat(refusal(scene, "DROP TABLE $snapshot_2\""))
        .startsWith("STATE_UNREADABLE: table _Rud");
    assertThat(refusal(scene, "UPDATE $cursor\" SET checkpoint = '2026-11-01'"))
        .contains("STATE_UNREADABLE: its table")
        .contains("checkpoint is 2026-11-01");
    assertThat(refusal(scene, "DELETE FROM $cursor\"")).contains("has 0 rows instead of one");
    assertThat(refusal(scene, "DROP TABLE $cursor\"")).contains("has 0 rows instead of one");
    assertThat(refusal(scene, "UPDATE $state\" SET document = SUBSTRING(document, 2)"))
        .startsWith("STATE_UNREADABLE: its document is not one that Penstock wrote");
    assertThat(refusal(scene, "DELETE FROM $state\"")).startsWith("STATE_UNREADABLE");
    assertThat(refusal(scene, "DROP TABLE $state\"")).startsWith("STATE_UNREADABLE");
    assertThat(refusal(scene, "DROP TABLE $sync_log\"")).startsWith("SYNC_STATE_LOST: sync 2 of");

    source.remove(1L);
    SyncResult anew = sync(scene.state(), Optional.empty(), true);
    assertThat(anew.number()).isEqualTo(3);
    assertThat(anew.inserted()).isEqualTo(source.size());
    assertThat(quiet(scene).unchanged()).isEqualTo(source.size());
    assertThat(refusal(scene, "DELETE FROM $state\"")).startsWith("STATE_UNREADABLE");
    assertThat(sync(scene.state(), Optional.empty(), true).number()).isEqualTo(5);
  }

  private String refusal(StateScene scene, String damage) throws Exception {
    scene.execute(damage);
    PenstockException refused =
        catchThrowableOfType(PenstockException.class, () -> open(scene.state(), false));
    assertThat(refused.remedy()).contains("--full");
    ErrorCode code = refused.code();
    return code + ": " + refused.reason();
  }
}
