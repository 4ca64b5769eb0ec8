package io.penstock.jobs.sync;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.common.run.SyncResult;
import io.penstock.common.run.SyncResult.Exclusion;
import io.penstock.common.run.SyncResult.Reason;
import io.penstock.jobs.sync.Fingerprint.Part;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StateDocumentTest {
  private static SyncEntry entry(long number) {
    return new SyncEntry(
        "run \"1\"",
        true,
        7,
        2,
        new Fingerprint().add(Part.KEYS, "id", "id bigint").digests(),
        new SyncResult(
            number,
            Optional.empty(),
            1,
            2,
            3,
            4,
            List.of(new Exclusion(Reason.NULL_KEY, 1, List.of("[null]"))),
            5,
            Optional.of("2026-11-01")));
  }

  @Test
  void readsWhatItWrote() {
    StateDocument document = new StateDocument(Optional.of(entry(8)), Optional.of(entry(9)));

    assertThat(StateDocument.parse(document.text())).isEqualTo(document);
    assertThat(StateDocument.parse(StateDocument.EMPTY.text())).isEqualTo(StateDocument.EMPTY);
    assertThat(document.lastNumber()).isEqualTo(9);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "{}",
        "[1]",
        "{\"format\":2}",
        "{\"format\":1,\"current\":{}}",
        "{\"format\":1,\"current\""
      })
  void refusesWhatIsNoDocument(String text) {
    assertThatThrownBy(() -> StateDocument.parse(text))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void tellsWhatHasChangedByName() {
    Fingerprint before =
        new Fingerprint()
            .add(Part.KEYS, "id", "id bigint")
            .add(Part.TEMPLATE, "email", "from mail")
            .add(Part.SCHEMA, "mail", "mail string")
            .add(Part.RECEIVERS, "a", "here");

    assertThat(before.changeSince(before.digests())).isEmpty();
    assertThat(with("from address", "here").changeSince(before.digests()))
        .contains("the template has changed: email");
    assertThat(with("from mail", "there").changeSince(before.digests()))
        .contains("there are new destinations: a");
    assertThat(new Fingerprint().add(Part.KEYS, "id", "id bigint").changeSince(before.digests()))
        .contains("the template has changed");
    assertThat(before.hasKeysOf(new Fingerprint().digests())).isFalse();
  }

  private static Fingerprint with(String template, String receiver) {
    return new Fingerprint()
        .add(Part.KEYS, "id", "id bigint")
        .add(Part.TEMPLATE, "email", template)
        .add(Part.SCHEMA, "mail", "mail string")
        .add(Part.RECEIVERS, "a", receiver);
  }

  @Test
  void aDestinationThatIsGoneIsNoChange() {
    Fingerprint two =
        new Fingerprint().add(Part.RECEIVERS, "a", "here").add(Part.RECEIVERS, "b", "there");

    assertThat(new Fingerprint().add(Part.RECEIVERS, "b", "there").changeSince(two.digests()))
        .isEmpty();
  }
}
