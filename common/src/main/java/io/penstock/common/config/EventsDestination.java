package io.penstock.common.config;

import io.penstock.common.secret.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** An event endpoint, or files of the same records; CONTRACT section 7. */
public record EventsDestination(
    String name, Target to, Event event, Identity identity, Content content, Sending sending)
    implements DestinationConfig {

  /** The same destination, sending elsewhere. */
  public EventsDestination withTarget(Target elsewhere) {
    return new EventsDestination(name, elsewhere, event, identity, content, sending);
  }

  /** The files that records go to; empty where they are sent. */
  public Optional<S3Destination> files() {
    return to instanceof Target.Files written ? Optional.of(written.place()) : Optional.empty();
  }

  @Override
  public String receiver() {
    String place =
        to instanceof Target.Http http
            ? http.url().toString()
            : ((Target.Files) to).place().receiver();
    return "events " + name + " " + place;
  }

  /** Where the records go. */
  public sealed interface Target {
    /**
     * An endpoint that takes batches.
     *
     * @param writeKey the user name of basic authentication; there is no password
     */
    record Http(URI url, Secret writeKey) implements Target {
      private static final Pattern LOOPBACK =
          Pattern.compile("localhost|127\\.\\d{1,3}\\.\\d{1,3}\\.\\d{1,3}|\\[::1]");

      /** Whether the write key and the records can be read on their way through a network. */
      public boolean isExposed() {
        return "http".equalsIgnoreCase(url.getScheme())
            && !LOOPBACK.matcher(url.getHost()).matches();
      }
    }

    /** Files with one record on each line. */
    record Files(S3Destination place) implements Target {}
  }

  /** What a row is to the receiver. */
  public sealed interface Event {
    /** What is known about somebody. */
    record Identify() implements Event {}

    /** Something that somebody did. */
    record Track(String name) implements Event {}

    /** The {@code type} of the records. */
    default String type() {
      return this instanceof Track ? "track" : "identify";
    }
  }

  /** The columns that say whom a row is about; at least one. */
  public record Identity(
      Optional<String> userId, Optional<String> anonymousId, Optional<String> email) {

    /** Those that are given. */
    public List<String> columns() {
      List<String> columns = new ArrayList<>();
      userId.ifPresent(columns::add);
      anonymousId.ifPresent(columns::add);
      email.ifPresent(columns::add);
      return List.copyOf(columns);
    }
  }

  /**
   * What a record says.
   *
   * @param traits columns by the path of their JSON key, with dots between the parts; empty: all
   *     columns but those of the user and the anonymous id, under their own names
   * @param constants JSON values by the path of their key
   * @param timestamp the column that says when it was; empty: the time of the run
   */
  public record Content(
      Optional<Map<String, String>> traits,
      Map<String, String> constants,
      Optional<String> timestamp) {}

  /**
   * How batches are sent.
   *
   * @param rows most records of a batch
   * @param bytes most bytes of a batch before compression
   * @param requestsPerSecond of all tasks together; empty: no limit
   * @param retries of a batch, after the first attempt
   * @param timeout of one attempt
   */
  public record Sending(
      int rows,
      int bytes,
      OptionalInt requestsPerSecond,
      int retries,
      Duration timeout,
      boolean gzip) {}
}
