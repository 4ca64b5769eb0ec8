package io.penstock.jobs.verify;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.jobs.verify.CheckResult.Status;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class VerificationTest {
  private static Check failing(String target, String name, List<String> needs) {
    return Check.of(
        target,
        name,
        needs,
        () -> {
          throw PenstockException.of(
              ErrorCode.VERIFICATION_FAILED, "no bucket", "404\nNoSuchBucket", "change bucket");
        });
  }

  private static List<CheckResult> run(Check... checks) {
    return new Verification(
            failure ->
                PenstockException.of(
                    ErrorCode.UNEXPECTED, "failed", failure.getClass().getSimpleName(), "see log"),
            result -> {})
        .run(List.of(checks));
  }

  @Test
  void whatFollowsAFailureIsSkippedAndSaysWhy() {
    List<CheckResult> results =
        run(
            Check.of("a", "one", () -> "fine"),
            failing("a", "two", List.of()),
            Check.of("a", "three", () -> "never asked"),
            Check.of("b", "one", () -> "another target"),
            Check.of("b", "two", List.of("a"), () -> "never asked"),
            Check.of("b", "three", () -> "skipping is no failure"));

    assertThat(results)
        .extracting(VerificationReport::line)
        .containsExactly(
            "ok       a  one: fine",
            "failed   a  two: no bucket: 404 NoSuchBucket. Remedy: change bucket",
            "skipped  a  three: because \"two\" failed",
            "ok       b  one: another target",
            "skipped  b  two: because \"two\" of a failed",
            "ok       b  three: skipping is no failure");
    assertThat(VerificationReport.hasFailed(results)).isTrue();
  }

  @Test
  void whatHasNothingToExamineIsSkippedWithoutConsequence() {
    List<CheckResult> results =
        run(new Check("a", "one", Optional::empty), Check.of("a", "two", () -> "fine"));

    assertThat(results).extracting(CheckResult::status).containsExactly(Status.SKIPPED, Status.OK);
    assertThat(VerificationReport.document("people", results))
        .hasToString(
            "{\"job\":\"people\",\"status\":\"ok\",\"checks\":["
                + "{\"name\":\"one\",\"target\":\"a\",\"status\":\"skipped\","
                + "\"detail\":\"nothing to examine\",\"remedy\":null},"
                + "{\"name\":\"two\",\"target\":\"a\",\"status\":\"ok\","
                + "\"detail\":\"fine\",\"remedy\":null}]}");
  }

  @Test
  void foreignFailuresAreTranslated() {
    List<CheckResult> results =
        run(
            Check.of(
                "a",
                "one",
                () -> {
                  throw new IllegalStateException("canary9f3e");
                }));

    assertThat(VerificationReport.document("people", results).at("/checks/0").toString())
        .contains("\"code\":\"UNEXPECTED\"", "\"detail\":\"failed: IllegalStateException\"")
        .doesNotContain("canary9f3e");
  }

  @Test
  void aListenerCanEndIt() {
    List<String> asked = new ArrayList<>();
    Verification verification =
        new Verification(
            failure -> PenstockException.of(ErrorCode.UNEXPECTED, "a", "b", "c"),
            result -> {
              throw PenstockException.of(ErrorCode.INTERRUPTED, "ended", "a signal", "again");
            });

    assertThatThrownBy(
            () ->
                verification.run(
                    List.of(
                        Check.of("a", "one", () -> "" + asked.add("one")),
                        Check.of("a", "two", () -> "" + asked.add("two")))))
        .hasMessageStartingWith("INTERRUPTED");
    assertThat(asked).containsExactly("one");
  }
}
