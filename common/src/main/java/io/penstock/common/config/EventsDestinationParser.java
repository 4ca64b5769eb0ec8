package io.penstock.common.config;

import com.typesafe.config.ConfigObject;
import com.typesafe.config.ConfigValue;
import io.penstock.common.config.EventsDestination.Content;
import io.penstock.common.config.EventsDestination.Event;
import io.penstock.common.config.EventsDestination.Identity;
import io.penstock.common.config.EventsDestination.Sending;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.secret.Secret;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Reads a destination of type {@code events}. */
final class EventsDestinationParser {
  /** What a destination of type {@code s3} has and files of finished records have not. */
  private static final List<String> OF_COLUMNS =
      List.of(
          "codec",
          "text",
          "partition-by",
          "changes",
          "row-number-column",
          "allow-business-users",
          "allow-limited-pii");

  private static final URI NOWHERE = URI.create("https://nowhere.invalid");
  private static final String ADDRESS = "write the whole address, such as https://host/v1/batch";
  private static final long MOST_ROWS = 20_000;
  private static final long MOST_KILOBYTES = 100_000;
  private static final long MOST_REQUESTS = 100_000;
  private static final long MOST_RETRIES = 100;
  private static final long MOST_SECONDS = 3_600;
  private static final int BYTES_OF_A_KILOBYTE = 1_000;

  private final SecretParser secrets;
  private final S3DestinationParser files;

  EventsDestinationParser(SecretParser secrets, S3DestinationParser files) {
    this.secrets = secrets;
    this.files = files;
  }

  /**
   * @param section the block over the defaults
   * @param filesBelow the defaults of destinations of type {@code s3}
   */
  EventsDestination parse(String name, Section section, @Nullable ConfigValue filesBelow) {
    EventsDestination destination =
        new EventsDestination(
            name,
            target(name, section, filesBelow),
            event(section),
            identity(section),
            content(section),
            sending(section));
    section.finish();
    return destination;
  }

  /** The block of the variant that says where records go, for messages about it. */
  static Section place(Section destination) {
    return Variant.of(destination, "to", List.of("http", "s3"), List.of()).body();
  }

  private Target target(String name, Section section, @Nullable ConfigValue filesBelow) {
    boolean plainAllowed = section.flag("allow-plain-http");
    if (!section.has("to")) {
      section.missing(
          "to", "write to { http { url = \"https://…\", write-key { env = \"NAME\" } } }");
      return new Target.Http(NOWHERE, new Secret.Literal(""));
    }
    Variant to = Variant.of(section, "to", List.of("http", "s3"), List.of());
    if (to.word().equals("s3")) {
      Section full = to.body().over(filesDefaults(filesBelow));
      full.has("type");
      return new Target.Files(files.lines(name, full));
    }
    Section body = to.body();
    Target.Http http =
        new Target.Http(url(body, plainAllowed), secrets.required(body, "write-key"));
    body.finish();
    return http;
  }

  private static @Nullable ConfigValue filesDefaults(@Nullable ConfigValue below) {
    if (!(below instanceof ConfigObject defaults)) {
      return below;
    }
    ConfigObject kept = defaults;
    for (String key : OF_COLUMNS) {
      kept = kept.withoutKey(key);
    }
    return kept;
  }

  private static URI url(Section body, boolean plainAllowed) {
    String text = body.requiredText("url", ADDRESS);
    if (text.isBlank() || body.isUnresolved("url")) {
      return NOWHERE;
    }
    Optional<URI> url = url(text);
    if (url.isEmpty()) {
      body.invalid("url", "is not the address of an endpoint", ADDRESS + ", without a user");
      return NOWHERE;
    }
    if (!plainAllowed && new Target.Http(url.get(), new Secret.Literal("")).isExposed()) {
      body.invalid(
          "url",
          "would send the write key and the records unencrypted",
          "write https://, or allow-plain-http = true in the destination where the network itself"
              + " is safe");
    }
    return url.get();
  }

  /** Empty where the text is none; it is not shown, since it may hold credentials. */
  private static Optional<URI> url(String text) {
    try {
      URI uri = new URI(text);
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      boolean fits =
          (scheme.equals("http") || scheme.equals("https"))
              && uri.getHost() != null
              && uri.getUserInfo() == null
              && uri.getFragment() == null;
      return fits ? Optional.of(uri) : Optional.empty();
    } catch (URISyntaxException e) {
      return Optional.empty();
    }
  }

  private static Event event(Section section) {
    Variant event = Variant.of(section, "event", List.of("identify", "track"), List.of());
    Section body = event.body();
    Event parsed =
        event.word().equals("track")
            ? new Event.Track(body.requiredText("name", "write name = \"…\", the event's name"))
            : new Event.Identify();
    body.finish();
    return parsed;
  }

  private static Identity identity(Section section) {
    Section block = section.block("identity");
    Identity identity =
        new Identity(block.text("user-id"), block.text("anonymous-id"), block.text("email"));
    if (identity.columns().isEmpty()) {
      section.missing(
          "identity",
          "write identity { user-id = column }, or anonymous-id or email: what rows are known by");
    }
    block.finish();
    return identity;
  }

  private static Content content(Section section) {
    JsonPaths paths = new JsonPaths();
    Optional<Map<String, String>> traits = section.optionalBlock("traits").map(paths::columns);
    Map<String, String> constants = paths.constants(section.block("constants"));
    return new Content(traits, constants, section.text("timestamp"));
  }

  private static Sending sending(Section section) {
    Section batch = section.block("batch");
    OptionalLong rows = batch.number("rows", 1, MOST_ROWS);
    OptionalLong kilobytes = batch.number("kilobytes", 1, MOST_KILOBYTES);
    batch.finish();
    OptionalLong requests = section.number("requests-per-second", 1, MOST_REQUESTS);
    return new Sending(
        (int) rows.orElse(1),
        (int) kilobytes.orElse(1) * BYTES_OF_A_KILOBYTE,
        requests.isPresent() ? OptionalInt.of((int) requests.getAsLong()) : OptionalInt.empty(),
        (int) section.number("retries", 0, MOST_RETRIES).orElse(0),
        Duration.ofSeconds(section.number("timeout-seconds", 1, MOST_SECONDS).orElse(1)),
        section.flag("gzip"));
  }
}
