package io.penstock.sandbox;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.events.EventReceiver;
import io.penstock.sandbox.redshift.RedshiftServer;
import io.penstock.sandbox.redshift.TlsIdentity;
import io.penstock.sandbox.s3.Permissions;
import io.penstock.sandbox.s3.Role;
import io.penstock.sandbox.s3.S3Server;
import io.penstock.sandbox.ssh.TunnelServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** The one line on standard output that tells where the servers are (CONTRACT, section 9). */
record ReadyLine(
    Map<String, Object> s3,
    Map<String, Object> redshift,
    @Nullable Map<String, Object> ssh,
    @Nullable Map<String, Object> events) {

  static ReadyLine of(S3Server files, Path buckets, RedshiftServer server, Credentials credentials)
      throws IOException {
    S3Endpoint endpoint = files.endpoint();
    Map<String, Object> s3 = new LinkedHashMap<>();
    s3.put("endpoint", endpoint.endpoint().toString());
    s3.put("region", endpoint.region());
    s3.put("accessKey", endpoint.accessKey());
    s3.put("secretKey", endpoint.secretKey());
    s3.put("buckets", names(buckets));
    s3.put("roles", roles(files.permissions()));
    s3.put("kmsKeys", files.permissions().kmsKeys());
    Map<String, Object> redshift = new LinkedHashMap<>();
    redshift.put("host", "127.0.0.1");
    redshift.put("port", server.port());
    redshift.put("database", RedshiftServer.DATABASE);
    redshift.put("user", RedshiftServer.USER);
    redshift.put("password", credentials.password());
    redshift.put("cluster", Permissions.CLUSTER);
    redshift.put("workgroup", Permissions.WORKGROUP);
    return new ReadyLine(s3, redshift, null, null);
  }

  /** Tells whom to trust and by which name. */
  ReadyLine with(TlsIdentity tls) {
    Map<String, Object> encrypted = new LinkedHashMap<>(redshift);
    encrypted.put("ca", tls.authority().toString());
    encrypted.put("certificateHost", TlsIdentity.HOST);
    return new ReadyLine(s3, encrypted, ssh, events);
  }

  ReadyLine with(EventReceiver receiver) {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("url", receiver.url().toString());
    shown.put("writeKey", receiver.writeKey());
    return new ReadyLine(s3, redshift, ssh, shown);
  }

  ReadyLine with(TunnelServer tunnel, Credentials credentials) throws IOException {
    Map<String, Object> shown = new LinkedHashMap<>();
    shown.put("host", "127.0.0.1");
    shown.put("port", tunnel.port());
    shown.put("user", TunnelServer.USER);
    shown.put("password", credentials.sshPassword());
    shown.put("hostKeys", tunnel.hostKeys());
    shown.put("fingerprints", tunnel.fingerprints());
    shown.put("knownHosts", tunnel.knownHosts().toString());
    shown.put("authorizedKeys", tunnel.authorizedKeys().toString());
    return new ReadyLine(s3, redshift, shown, events);
  }

  private static List<Map<String, String>> roles(Permissions permissions) {
    List<Map<String, String>> roles = new ArrayList<>();
    for (Role role : permissions.roles()) {
      Map<String, String> shown = new LinkedHashMap<>();
      shown.put("arn", role.arn());
      if (role.externalId() != null) {
        shown.put("externalId", role.externalId());
      }
      roles.add(shown);
    }
    return roles;
  }

  private static List<String> names(Path folder) throws IOException {
    try (Stream<Path> entries = Files.list(folder)) {
      return entries
          .filter(Files::isDirectory)
          .map(entry -> entry.getFileName().toString())
          .filter(name -> !name.startsWith("."))
          .sorted()
          .toList();
    }
  }

  String json() throws JsonProcessingException {
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("s3", s3);
    line.put("redshift", redshift);
    if (ssh != null) {
      line.put("ssh", ssh);
    }
    if (events != null) {
      line.put("events", events);
    }
    return new ObjectMapper().writeValueAsString(line);
  }
}
