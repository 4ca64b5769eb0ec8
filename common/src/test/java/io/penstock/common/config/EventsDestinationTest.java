package io.penstock.common.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.typesafe.config.ConfigFactory;
import io.penstock.common.config.EventsDestination.Event;
import io.penstock.common.config.EventsDestination.Identity;
import io.penstock.common.config.EventsDestination.Sending;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EventsDestinationTest {
  private static final String HTTP =
      "to { http { url = \"https://h/v1/batch\", write-key { env = \"KEY\" } } }\n";
  private static final String USER = "identity { user-id = id }\n";

  static JobFile job(String keys) {
    return JobFiles.parse(
        "job.conf",
        """
        job = "crm"
        sources { people { format = parquet, path = "people" } }
        template {
          columns = [{ name = "id", from = "id" }, { name = "Mail", from = "mail" }, { name = "row", from = "row" }]
        }
        destinations { people { type = events
        %s
        } }
        """
            .formatted(keys),
        Path.of("/jobs"),
        Overrides.none());
  }

  private static EventsDestination events(String keys) {
    return (EventsDestination) job(keys).destinations().get(0);
  }

  private static List<ConfigProblem> problems(String keys) {
    return catchThrowableOfType(ConfigurationException.class, () -> job(keys)).problems();
  }

  @Test
  void hasDefaults() {
    EventsDestination events = events(HTTP + USER);

    assertThat(events.to())
        .isEqualTo(
            new Target.Http(URI.create("https://h/v1/batch"), new Secret.Environment("KEY")));
    assertThat(events.event()).isEqualTo(new Event.Identify());
    assertThat(events.identity())
        .isEqualTo(new Identity(Optional.of("id"), Optional.empty(), Optional.empty()));
    assertThat(events.content().traits()).isEmpty();
    assertThat(events.content().constants()).isEmpty();
    assertThat(events.content().timestamp()).isEmpty();
    assertThat(events.sending())
        .isEqualTo(new Sending(100, 500_000, OptionalInt.of(50), 8, Duration.ofSeconds(30), true));
    assertThat(events.files()).isEmpty();
  }

  @Test
  void readsEveryKey() {
    EventsDestination events =
        events(
            """
            to { type = http, url = "http://10.0.0.1:8080/v1/batch?strict=1", write-key = "k" }
            allow-plain-http = true
            event { track { name = "Order Completed" } }
            identity { user-id = id, anonymous-id = row, email = MAIL }
            traits { "email" = mail, "address.city" = row, address { street.no = id }, gone = null }
            constants { "source" = "warehouse", n = 1.50, deep { flag = true }, list = [1, "a"] }
            timestamp = row
            batch { rows = 500, kilobytes = 900 }
            requests-per-second = null
            retries = 0
            timeout-seconds = 5
            gzip = false
            """);

    assertThat(events.event()).isEqualTo(new Event.Track("Order Completed"));
    assertThat(events.identity().columns()).containsExactly("id", "row", "MAIL");
    assertThat(events.content().traits())
        .contains(Map.of("email", "mail", "address.city", "row", "address.street.no", "id"));
    assertThat(events.content().constants())
        .isEqualTo(
            Map.of(
                "source", "\"warehouse\"", "n", "1.50", "deep.flag", "true", "list", "[1,\"a\"]"));
    assertThat(events.content().timestamp()).contains("row");
    assertThat(events.sending())
        .isEqualTo(new Sending(500, 900_000, OptionalInt.empty(), 0, Duration.ofSeconds(5), false));
    assertThat(((Target.Http) events.to()).isExposed()).isTrue();
  }

  @Test
  void filesAreAPlaceWithTheirDefaults() {
    EventsDestination events =
        events(
            USER
                + "to { s3 { bucket = \"acme-exports\", prefix = \"e/{{run_id}}\", encoding = gzip } }\n");

    S3Destination files = events.files().orElseThrow();
    assertThat(files.location().toString()).isEqualTo("s3://acme-exports");
    assertThat(files.format()).isEqualTo(new OutputFormat.Ndjson());
    assertThat(files.encoding()).isEqualTo(Encoding.GZIP);
    assertThat(files.doneFile()).contains(".DONE");
    assertThat(files.partitionBy()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://localhost:1/b",
        "http://127.0.0.1/b",
        "http://127.1.2.3:9/b",
        "http://[::1]:9/b"
      })
  void thisMachineMayBePlain(String url) {
    EventsDestination events =
        events(USER + "to { http { url = \"%s\", write-key = k } }\n".formatted(url));

    assertThat(((Target.Http) events.to()).isExposed()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "ftp://h/b",
        "h/b",
        "https://",
        "https://user:pw7x@h/b",
        "https://h/b#x",
        "http://127.0.0.1.example.com/b",
        "http://localhost.example.com/b",
        "http://h/b"
      })
  void anythingElseIsRefused(String url) {
    List<ConfigProblem> problems =
        problems(USER + "to { http { url = \"%s\", write-key = k } }\n".formatted(url));

    assertThat(problems).hasSize(1);
    assertThat(problems.get(0).code()).isEqualTo(ErrorCode.CONFIG_INVALID_VALUE);
    assertThat(problems.get(0).path()).isEqualTo("destinations.people.to.http.url");
    assertThat(problems.get(0).line()).isEqualTo(8);
    assertThat(problems.get(0).toString()).doesNotContain("pw7x");
  }

  @Test
  void filesOfTwoDestinationsAreNotTheSame() {
    String files = "to { s3 { directory = out, file-name = \"e_{{file_number}}.ndjson\" } }\n";
    String second =
        USER
            + files
            + "}, lines { type = s3, directory = out, format = ndjson, file-name = \"e_{{file_number}}.ndjson\"";

    assertThat(problems(USER + files + "}, second { type = events\n" + USER + files))
        .extracting(ConfigProblem::code)
        .containsExactly(ErrorCode.CONFIG_CONFLICT);
    assertThat(problems(second))
        .extracting(ConfigProblem::path)
        .containsExactly("destinations.lines.prefix");
  }

  @Test
  void aMirrorNeedsIdentifyAndAKeyInTheIdentity() {
    assertThat(mirrored(HTTP + USER, "id")).isEmpty();
    assertThat(mirrored(HTTP + USER, "row"))
        .extracting(ConfigProblem::path)
        .containsExactly("destinations.people.identity");
    assertThat(mirrored(HTTP + USER + "event { track { name = e } }\n", "ID"))
        .extracting(ConfigProblem::path)
        .containsExactly("destinations.people.event");
  }

  private static List<ConfigProblem> mirrored(String keys, String key) {
    JobFile job = job(keys);
    ProblemList problems = new ProblemList();
    Section root =
        new Section(
                ConfigFactory.parseString("destinations { people { " + keys + " } }").root(),
                new SourceTexts(),
                problems)
            .block("destinations")
            .block("people");
    new EventsChecks(job, (EventsDestination) job.destinations().get(0), root).mirror(List.of(key));
    ConfigurationException found =
        catchThrowableOfType(ConfigurationException.class, problems::throwIfAny);
    return found == null ? List.of() : found.problems();
  }
}
