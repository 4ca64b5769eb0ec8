package io.penstock.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult.EventsResult;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.SyncResult.Exclusion;
import io.penstock.common.run.SyncResult.Reason;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

class RunRecordJsonTest {
  private static final RunRecord RECORD =
      new RunRecord(
          "profiles",
          "r1",
          RunStatus.FAILED,
          Instant.parse("2026-11-01T00:00:00Z"),
          Instant.parse("2026-11-01T00:00:01.5Z"),
          10,
          1,
          List.of(
              new DestinationResult(
                  "files",
                  "s3",
                  RunStatus.SUCCEEDED,
                  9,
                  90,
                  List.of(new DeliveredFile("a/é.csv", 9, 90, "0000ab12")),
                  Optional.of(".DONE"),
                  Optional.empty(),
                  Optional.empty()),
              new DestinationResult(
                  "warehouse",
                  "redshift",
                  RunStatus.NOT_STARTED,
                  0,
                  0,
                  List.of(),
                  Optional.empty(),
                  Optional.empty(),
                  Optional.of(
                      new LoadResult(
                          "public.t",
                          "append",
                          OptionalLong.of(9),
                          OptionalLong.empty(),
                          OptionalLong.of(0),
                          List.of("added column x date")))),
              new DestinationResult(
                      "crm",
                      "s3",
                      RunStatus.SUCCEEDED,
                      8,
                      80,
                      List.of(),
                      Optional.empty(),
                      Optional.empty(),
                      Optional.empty())
                  .withEvents(new EventsResult(8, 1, 3, 2))),
          Optional.of(new RunError("LOAD_STATEMENT", "it \"failed\"")));

  @Test
  void writesTheDocumentOfTheContract() {
    assertThat(RunRecordJson.text(RECORD))
        .isEqualTo(
            """
            {"job":"profiles","runId":"r1","status":"failed","startedAt":"2026-11-01T00:00:00Z",\
            "endedAt":"2026-11-01T00:00:01.500Z","rowsRead":10,"rowsRejected":1,"destinations":[\
            {"name":"files","type":"s3","status":"succeeded","rows":9,"bytes":90,"files":[\
            {"key":"a/é.csv","rows":9,"bytes":90,"crc32":"0000ab12"}],"doneFile":".DONE",\
            "manifest":null,"table":null,"operation":null,"rowsInserted":null,"rowsUpdated":null,\
            "rowsDeleted":null},\
            {"name":"warehouse","type":"redshift","status":"not-started","rows":0,"bytes":0,\
            "files":[],"doneFile":null,"manifest":null,"table":"public.t","operation":"append",\
            "rowsInserted":9,"rowsUpdated":null,"rowsDeleted":0,\
            "schemaChanges":["added column x date"]},\
            {"name":"crm","type":"events","status":"succeeded","rows":8,"bytes":80,"files":[],\
            "doneFile":null,"manifest":null,"table":null,"operation":null,"rowsInserted":null,\
            "rowsUpdated":null,"rowsDeleted":null,\
            "rowsSent":8,"rowsFailed":1,"requests":3,"retries":2}],\
            "error":{"code":"LOAD_STATEMENT","message":"it \\"failed\\""}}""");
  }

  @Test
  void readsWhatItWrote() {
    assertThat(RunRecordJson.parse(RunRecordJson.bytes(RECORD))).isEqualTo(RECORD);
  }

  @Test
  void tellsWhatASyncDid() {
    RunRecord synced =
        new RunRecord(
            "profiles",
            "r1",
            RunStatus.SUCCEEDED,
            Instant.EPOCH,
            Instant.EPOCH,
            20,
            0,
            List.of(),
            Optional.of(
                new SyncResult(
                    7,
                    Optional.of("it is the first sync"),
                    1,
                    2,
                    3,
                    4,
                    List.of(new Exclusion(Reason.REPEATED_KEY, 2, List.of("[\"1\"]"))),
                    5,
                    Optional.of("2026-11-01"))),
            Optional.empty());

    assertThat(RunRecordJson.text(synced))
        .contains(
            "\"sync\":{\"number\":7,\"full\":\"it is the first sync\",\"inserted\":1,\"updated\":2,"
                + "\"deleted\":3,\"unchanged\":4,\"excluded\":[{\"reason\":\"repeated-key\","
                + "\"rows\":2,\"keys\":[\"[\\\"1\\\"]\"]}],\"failed\":5,\"checkpoint\":\"2026-11-01\"}");
    assertThat(RunRecordJson.parse(RunRecordJson.bytes(synced))).isEqualTo(synced);
    assertThat(synced.sync().orElseThrow().read()).isEqualTo(9);
    assertThat(synced.sync().orElseThrow().sent()).isEqualTo(6);
  }

  @Test
  void refusesWhatIsNoRecord() {
    for (String text :
        List.of(
            "",
            "null",
            "{}",
            "[1]",
            "{\"job\":\"x\"",
            RunRecordJson.text(RECORD).replace("failed", "odd"))) {
      assertThatThrownBy(() -> RunRecordJson.parse(text.getBytes(StandardCharsets.UTF_8)))
          .isInstanceOfSatisfying(
              PenstockException.class,
              e -> assertThat(e.code()).isEqualTo(ErrorCode.STATE_UNREADABLE));
    }
  }
}
