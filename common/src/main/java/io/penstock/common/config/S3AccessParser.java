package io.penstock.common.config;

import io.penstock.common.config.S3Access.Credentials;
import io.penstock.common.config.S3Access.Encryption;
import io.penstock.common.config.S3Access.RequestChecksums;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads how to reach a bucket. */
final class S3AccessParser {
  private static final Pattern BUCKET = Pattern.compile("[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]");
  private static final Pattern ADDRESS = Pattern.compile("\\d+\\.\\d+\\.\\d+\\.\\d+");
  private static final Pattern REGION = Pattern.compile("[a-z0-9][a-z0-9-]*");
  static final Pattern ROLE =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}");

  private final SecretParser secrets;

  S3AccessParser(SecretParser secrets) {
    this.secrets = secrets;
  }

  S3Access access(Section section) {
    return new S3Access(
        region(section),
        endpoint(section),
        section.flag("path-style"),
        section.constant("request-checksums", RequestChecksums.class, List.of()),
        credentials(section),
        encryption(section));
  }

  /** The place of a {@code staging} block. */
  StoreLocation.Bucket staging(Section section) {
    String bucket = bucket(section, "bucket");
    String prefix = section.text("prefix").orElse("");
    String plain = prefix.replaceFirst("/$", "");
    Names.checkParts(section, "prefix", prefix);
    if (plain.contains("{{")) {
      section.invalid(
          "prefix",
          "holds a variable",
          "write a fixed prefix; the names of job and run are added below it");
    }
    return new StoreLocation.Bucket(bucket, plain, access(section));
  }

  /** Bucket naming rules: Amazon S3 User Guide, "General purpose bucket naming rules". */
  static String bucket(Section section, String key) {
    String remedy = "write the name of the bucket alone, without s3:// and prefix";
    String name = section.requiredText(key, remedy);
    if (!name.isEmpty() && !isBucketName(name)) {
      section.invalid(
          key,
          Values.shown(name) + " is not a bucket name",
          "bucket names have 3 to 63 lower-case letters, digits, dots and hyphens; " + remedy);
    }
    return name;
  }

  static boolean isBucketName(String name) {
    return BUCKET.matcher(name).matches()
        && !name.contains("..")
        && !ADDRESS.matcher(name).matches();
  }

  static String region(Section section) {
    String region = section.requiredText("region", "write a region such as us-east-1");
    if (!region.isBlank() && !REGION.matcher(region).matches()) {
      section.invalid(
          "region", Values.shown(region) + " is not a region", "write a region such as us-east-1");
    }
    return region;
  }

  static @Nullable URI endpoint(Section section) {
    Optional<String> text = section.text("endpoint");
    if (text.isEmpty() || section.isUnresolved("endpoint")) {
      return null;
    }
    try {
      URI uri = new URI(text.get());
      String scheme = String.valueOf(uri.getScheme()).toLowerCase(Locale.ROOT);
      if ((scheme.equals("http") || scheme.equals("https"))
          && uri.getHost() != null
          && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (URISyntaxException e) {
      // Reported below; the text is not shown, it may hold credentials.
    }
    section.invalid(
        "endpoint",
        "is not the address of a service",
        "write http://host:port or https://host:port, without user and password");
    return null;
  }

  Credentials credentials(Section section) {
    Variant variant =
        Variant.of(section, "credentials", List.of("default", "keys", "role"), List.of());
    Section body = variant.body();
    Credentials credentials =
        switch (variant.word()) {
          case "keys" ->
              new Credentials.Keys(
                  body.requiredText("access-key", "write the access key id"),
                  secrets.required(body, "secret-key"),
                  secrets.optional(body, "session-token").orElse(null));
          case "role" -> role(body);
          default -> new Credentials.DefaultChain();
        };
    body.finish();
    return credentials;
  }

  private static Credentials role(Section body) {
    String remedy = "write an ARN such as arn:aws:iam::123456789012:role/name";
    String arn = body.requiredText("role-arn", remedy);
    if (!arn.isEmpty() && !ROLE.matcher(arn).matches()) {
      body.invalid("role-arn", Values.shown(arn) + " is not the ARN of a role", remedy);
    }
    return new Credentials.Role(
        arn, body.text("external-id").orElse(null), body.text("session-name").orElse(null));
  }

  private static Encryption encryption(Section section) {
    Variant variant =
        Variant.of(section, "encryption-at-rest", List.of("none", "sse-s3", "sse-kms"), List.of());
    Section body = variant.body();
    Encryption encryption =
        switch (variant.word()) {
          case "sse-s3" -> new Encryption.SseS3();
          case "sse-kms" -> new Encryption.SseKms(body.text("key-id").orElse(null));
          default -> new Encryption.None();
        };
    body.finish();
    return encryption;
  }
}
