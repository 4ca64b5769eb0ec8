package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.Connection;
import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import io.penstock.common.config.RedshiftDestination.Loader;
import io.penstock.common.config.RedshiftDestination.Staging;
import io.penstock.common.config.RedshiftDestination.StagingFormat;
import io.penstock.common.config.RedshiftDestination.TlsMode;
import io.penstock.common.secret.Secret;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a destination of type {@code redshift}. */
final class RedshiftDestinationParser {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final Pattern HOST_PORT =
      Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]):\\d{1,5}");
  private final SecretParser secrets;
  private final S3AccessParser access;

  RedshiftDestinationParser(SecretParser secrets, S3AccessParser access) {
    this.secrets = secrets;
    this.access = access;
  }

  /**
   * @param section the block over the defaults
   */
  RedshiftDestination parse(String name, String job, Section section) {
    RedshiftDestination destination =
        new RedshiftDestination(
            name,
            connection(section),
            staging(section),
            copyCredentials(section),
            section.constant("loader", Loader.class, List.of()),
            RedshiftTableParser.table(section, job),
            RedshiftTableParser.application(section),
            RedshiftTableParser.identifier(section, "state-schema"));
    section.finish();
    return destination;
  }

  private Connection connection(Section destination) {
    Section section = destination.block("connection");
    section.notAvailable("tunnel");
    boolean iam = section.has("iam");
    section.notAvailable("iam");
    section.has("user");
    section.has("password");
    String host = section.requiredText("host", "write the host name of the cluster or workgroup");
    if (!host.isEmpty() && !HOST.matcher(host).matches()) {
      section.invalid(
          "host",
          "is not a host name",
          "write the name alone, without jdbc:, port and database; those have keys of their own");
    }
    Connection connection =
        new Connection(
            host,
            (int) section.number("port", 1, 65_535).orElse(5439),
            section.requiredText("database", "write the name of the database"),
            iam ? "" : section.requiredText("user", "write the database user"),
            iam ? new Secret.Literal("") : secrets.required(section, "password"),
            tls(section),
            endpointOverride(section));
    section.finish();
    return connection;
  }

  private static TlsMode tls(Section connection) {
    Section tls = connection.block("tls");
    TlsMode mode = tls.constant("mode", TlsMode.class, List.of());
    if (tls.isBlock("ca")) {
      tls.notAvailable("ca", "a certificate authority of one's own");
    } else {
      tls.word("ca", List.of("none"), List.of("text", "url", "file"));
    }
    tls.finish();
    return mode;
  }

  private static Optional<String> endpointOverride(Section connection) {
    Optional<String> override = connection.text("endpoint-override");
    if (override.isPresent() && !HOST_PORT.matcher(override.get()).matches()) {
      connection.invalid(
          "endpoint-override", "is not of the form host:port", "write host:port, or remove it");
    }
    return override;
  }

  private Staging staging(Section destination) {
    Section section = destination.block("staging");
    String bucket = S3AccessParser.bucket(section, "bucket");
    String prefix = section.text("prefix").orElse("");
    String plain = prefix.replaceFirst("/$", "");
    Names.checkParts(section, "prefix", prefix);
    if (plain.contains("{{")) {
      section.invalid(
          "prefix",
          "holds a variable",
          "write a fixed prefix; job, run id and destination are added below it");
    }
    Staging staging =
        new Staging(
            new StoreLocation.Bucket(bucket, plain, access.access(section)),
            section.constant("format", StagingFormat.class, List.of()),
            section.flag("keep"));
    section.finish();
    return staging;
  }

  private static CopyCredentials copyCredentials(Section destination) {
    Optional<Section> given = destination.optionalBlock("copy-credentials");
    if (given.isEmpty()) {
      return new CopyCredentials.FromStaging();
    }
    Section section = given.get();
    String remedy = "write an ARN such as arn:aws:iam::123456789012:role/name";
    String arn = section.requiredText("iam-role", remedy);
    for (String link : arn.split(",", -1)) {
      if (!arn.isEmpty() && !S3AccessParser.ROLE.matcher(link).matches()) {
        section.invalid("iam-role", Values.shown(link) + " is not the ARN of a role", remedy);
      }
    }
    section.finish();
    return new CopyCredentials.IamRole(arn);
  }
}
