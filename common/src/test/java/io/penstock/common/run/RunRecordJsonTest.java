package io.penstock.common.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord.RunError;
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
                          List.of("added column x date"))))),
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
            "schemaChanges":["added column x date"]}],\
            "error":{"code":"LOAD_STATEMENT","message":"it \\"failed\\""}}""");
  }

  @Test
  void readsWhatItWrote() {
    assertThat(RunRecordJson.parse(RunRecordJson.bytes(RECORD))).isEqualTo(RECORD);
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
