package io.penstock.common.config;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.config.RedshiftConnection.HostKey;
import io.penstock.common.config.RedshiftConnection.IamLogin;
import io.penstock.common.config.RedshiftConnection.Key;
import io.penstock.common.config.RedshiftConnection.Login;
import io.penstock.common.config.RedshiftConnection.PasswordLogin;
import io.penstock.common.config.RedshiftConnection.Tls;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftConnection.Tunnel;
import io.penstock.common.config.RedshiftConnection.Warehouse;
import io.penstock.common.secret.Secret;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a {@code connection} block: of a destination or of a source. */
final class RedshiftConnectionParser {
  private static final Pattern HOST = Pattern.compile("[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]");
  private static final Pattern HOST_PORT =
      Pattern.compile("(?:[A-Za-z0-9.-]{1,253}|\\[[0-9A-Fa-f:.]+]):\\d{1,5}");

  /** SHA-256 is 32 bytes: 43 characters of base64, with or without padding. */
  private static final Pattern FINGERPRINT = Pattern.compile("SHA256:[A-Za-z0-9+/]{43}=?");

  private static final String SSH_PORT_REMEDY =
      "write the name alone; the port and the user have keys of their own";
  private static final String HOST_KEY_REMEDY =
      "write host-key-fingerprint = \"SHA256:…\", as ssh-keygen -lf shows it, or known-hosts ="
          + " \"path\"; a host key is never trusted on first use";
  private static final String CA_REMEDY =
      "write ca = none, ca { text = \"…\" }, ca { url = \"https://…\" } or ca { file = \"path\" }";

  private final Scope scope;
  private final SecretParser secrets;
  private final S3AccessParser access;

  RedshiftConnectionParser(Scope scope, S3AccessParser access) {
    this.scope = scope;
    this.secrets = new SecretParser(scope);
    this.access = access;
  }

  /**
   * @param parent the block that holds {@code connection}
   */
  RedshiftConnection parse(Section parent) {
    Section section = parent.block("connection");
    RedshiftConnection connection =
        new RedshiftConnection(
            host(
                section,
                "write the host name of the cluster or workgroup",
                "write the name alone, without jdbc:, port and database; those have keys of their"
                    + " own"),
            (int) section.number("port", 1, 65_535).orElse(5439),
            section.requiredText("database", "write the name of the database"),
            login(section),
            tls(section),
            section.optionalBlock("tunnel").map(this::tunnel),
            endpointOverride(section));
    section.finish();
    return connection;
  }

  private static String host(Section section, String missing, String remedy) {
    String host = section.requiredText("host", missing);
    if (!host.isEmpty() && !HOST.matcher(host).matches()) {
      section.invalid("host", "is not a host name", remedy);
    }
    return host;
  }

  private static Optional<String> endpointOverride(Section connection) {
    Optional<String> override = connection.text("endpoint-override");
    if (override.isPresent() && !HOST_PORT.matcher(override.get()).matches()) {
      connection.invalid(
          "endpoint-override", "is not of the form host:port", "write host:port, or remove it");
    }
    return override;
  }

  private Login login(Section section) {
    Optional<Section> iam = section.optionalBlock("iam");
    if (iam.isPresent()) {
      if (section.has("password")) {
        section.conflict(
            "password",
            "belongs to a user with a password of its own; with iam, AWS issues it",
            "remove password, or remove iam");
      }
      return iamLogin(iam.get(), section);
    }
    return new PasswordLogin(
        section.requiredText("user", "write the database user"),
        secrets.required(section, "password"));
  }

  private IamLogin iamLogin(Section iam, Section connection) {
    Optional<String> user = connection.text("user");
    Warehouse warehouse = warehouse(iam);
    if (user.isPresent() && warehouse instanceof Warehouse.Workgroup) {
      connection.conflict(
          "user",
          "cannot be chosen with iam.workgroup: Redshift Serverless names the user after the AWS"
              + " identity",
          "remove user");
    }
    IamLogin login =
        new IamLogin(
            warehouse,
            user,
            S3AccessParser.region(iam),
            S3AccessParser.endpoint(iam),
            access.credentials(iam));
    iam.finish();
    return login;
  }

  private static Warehouse warehouse(Section iam) {
    String remedy = "write cluster = \"identifier\", or workgroup = \"name\"";
    boolean cluster = iam.has("cluster");
    boolean workgroup = iam.has("workgroup");
    if (cluster && workgroup) {
      iam.conflict("workgroup", "stands beside cluster", remedy);
    }
    return workgroup && !cluster
        ? new Warehouse.Workgroup(iam.requiredText("workgroup", remedy))
        : new Warehouse.Cluster(iam.requiredText("cluster", remedy));
  }

  private Tls tls(Section connection) {
    Section section = connection.block("tls");
    TlsMode mode = section.constant("mode", TlsMode.class, List.of());
    Ca ca = ca(section);
    if (!(ca instanceof Ca.None) && !mode.isVerified()) {
      section.conflict(
          "ca",
          "is not looked at with mode = " + mode.name().toLowerCase(Locale.ROOT),
          "write mode = verify-full, or ca = none");
    }
    section.finish();
    return new Tls(mode, ca);
  }

  private Ca ca(Section tls) {
    if (!tls.isBlock("ca")) {
      if (tls.text("ca").filter(word -> !word.equals("none")).isPresent()) {
        tls.invalid("ca", "is neither none nor a block", CA_REMEDY);
      }
      return new Ca.None();
    }
    Section section = tls.block("ca");
    List<String> forms = List.of("text", "url", "file").stream().filter(section::has).toList();
    section.finish();
    if (forms.size() != 1) {
      tls.invalid(
          "ca",
          forms.isEmpty()
              ? "does not say where the certificate is"
              : "says in several ways where the certificate is: " + String.join(", ", forms),
          CA_REMEDY);
      return new Ca.None();
    }
    String value = section.requiredText(forms.get(0), CA_REMEDY);
    return switch (forms.get(0)) {
      case "text" -> caText(section, value);
      case "url" -> caUrl(section, value);
      default -> new Ca.File(localFile(section, "file", value));
    };
  }

  private static Ca caText(Section section, String pem) {
    byte[] bytes = pem.getBytes(StandardCharsets.UTF_8);
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      if (pem.isBlank()
          || !factory.generateCertificates(new ByteArrayInputStream(bytes)).isEmpty()) {
        return new Ca.Text(pem);
      }
    } catch (CertificateException e) {
      // reported below
    }
    section.invalid(
        "text",
        "holds no certificate in PEM",
        "write -----BEGIN CERTIFICATE----- and what follows, between \"\"\" and \"\"\"");
    return new Ca.None();
  }

  private static Ca caUrl(Section section, String text) {
    try {
      URI location = new URI(text);
      String scheme = String.valueOf(location.getScheme()).toLowerCase(Locale.ROOT);
      boolean remote =
          scheme.equals("https") && location.getHost() != null && location.getUserInfo() == null;
      if (remote || scheme.equals("file") && location.getPath() != null) {
        return new Ca.Url(location);
      }
    } catch (URISyntaxException e) {
      // Reported below; the text is not shown, it may hold credentials.
    }
    section.invalid(
        "url",
        "is not an https:// address",
        "write https://…, without user and password; what comes unencrypted proves nothing");
    return new Ca.None();
  }

  private Tunnel tunnel(Section section) {
    Optional<Secret> password = secrets.optional(section, "password");
    Optional<Key> key = key(section);
    if (!section.has("password") && !section.has("private-key")) {
      section.missing("private-key", "write private-key or password, or both");
    }
    Tunnel tunnel =
        new Tunnel(
            host(section, "write the host name of the SSH server", SSH_PORT_REMEDY),
            (int) section.number("port", 1, 65_535).orElse(22),
            section.requiredText("user", "write the user of the SSH server"),
            password,
            key,
            hostKey(section));
    section.finish();
    return tunnel;
  }

  private Optional<Key> key(Section section) {
    Optional<Secret> passphrase = secrets.optional(section, "passphrase");
    if (section.has("passphrase") && !section.has("private-key")) {
      section.conflict(
          "passphrase", "belongs to private-key", "write private-key, or remove passphrase");
    }
    return secrets.optional(section, "private-key").map(key -> new Key(key, passphrase));
  }

  private HostKey hostKey(Section section) {
    boolean known = section.has("known-hosts");
    boolean pinned = section.has("host-key-fingerprint");
    if (known && pinned) {
      section.conflict("known-hosts", "stands beside host-key-fingerprint", "remove one of them");
    }
    if (!known && !pinned) {
      section.missing("host-key-fingerprint", HOST_KEY_REMEDY);
      return new HostKey.Fingerprint("");
    }
    if (known) {
      String path = section.requiredText("known-hosts", HOST_KEY_REMEDY);
      return new HostKey.KnownHosts(localFile(section, "known-hosts", path));
    }
    String fingerprint = section.requiredText("host-key-fingerprint", HOST_KEY_REMEDY);
    if (!fingerprint.isBlank()
        && !section.isUnresolved("host-key-fingerprint")
        && !FINGERPRINT.matcher(fingerprint).matches()) {
      section.invalid(
          "host-key-fingerprint",
          "is not the SHA-256 fingerprint of a host key",
          "write SHA256: and the 43 characters that ssh-keygen -lf shows; MD5 can be forged");
    }
    return new HostKey.Fingerprint(fingerprint.replaceFirst("=$", ""));
  }

  private String localFile(Section section, String key, String name) {
    String path = scope.base().resolve(name);
    if (Locations.hasScheme(path)) {
      section.invalid(
          key, "is not a path of the driver's own file system", "write an absolute path");
    }
    return path;
  }
}
