package io.penstock.jobs.redshift;

import io.penstock.common.config.RedshiftConnection.Ca;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Redirect;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collection;

/** Reads the certificates of the authorities that a connection trusts. */
final class CaCertificates {
  /** A bundle of all of AWS's regions is about a quarter of this. */
  static final int LARGEST = 1 << 20;

  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private CaCertificates() {}

  /**
   * The certificates, at least one.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  static Collection<? extends Certificate> read(Ca ca) {
    return parse(bytes(ca), key(ca));
  }

  /**
   * The same authorities as a text that can be read on another machine.
   *
   * @throws PenstockException {@code LOAD_CONNECTION}, naming the key to change
   */
  static Ca resolved(Ca ca) {
    if (ca instanceof Ca.None || ca instanceof Ca.Text) {
      return ca;
    }
    byte[] pem = bytes(ca);
    parse(pem, key(ca));
    return new Ca.Text(new String(pem, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(Ca ca) {
    if (ca instanceof Ca.Text text) {
      return text.pem().getBytes(StandardCharsets.UTF_8);
    }
    if (ca instanceof Ca.File file) {
      return file(Path.of(file.path()), key(ca));
    }
    if (ca instanceof Ca.Url url) {
      return fetch(url.location());
    }
    throw new IllegalArgumentException("no certificates are named");
  }

  private static String key(Ca ca) {
    return "connection.tls.ca."
        + (ca instanceof Ca.Text ? "text" : ca instanceof Ca.File ? "file" : "url");
  }

  private static Collection<? extends Certificate> parse(byte[] pem, String key) {
    try {
      Collection<? extends Certificate> certificates =
          CertificateFactory.getInstance("X.509")
              .generateCertificates(new ByteArrayInputStream(pem));
      if (!certificates.isEmpty()) {
        return certificates;
      }
    } catch (CertificateException e) {
      // told below
    }
    throw failed("what was read holds no certificate in PEM", key);
  }

  private static byte[] file(Path path, String key) {
    try (InputStream in = Files.newInputStream(path)) {
      return limited(in, key);
    } catch (IOException e) {
      throw failed(path + " cannot be read on the driver (" + kind(e) + ")", key);
    }
  }

  private static byte[] fetch(URI location) {
    String key = "connection.tls.ca.url";
    if ("file".equalsIgnoreCase(location.getScheme())) {
      return file(Path.of(location.getPath()), key);
    }
    HttpClient client =
        HttpClient.newBuilder()
            .connectTimeout(PATIENCE)
            .followRedirects(Redirect.NORMAL)
            .proxy(ProxySelector.getDefault())
            .build();
    HttpRequest request = HttpRequest.newBuilder(location).timeout(PATIENCE).GET().build();
    try {
      HttpResponse<InputStream> answer = client.send(request, BodyHandlers.ofInputStream());
      try (InputStream body = answer.body()) {
        if (answer.statusCode() != 200) {
          throw failed(location.getHost() + " answered " + answer.statusCode(), key);
        }
        return limited(body, key);
      }
    } catch (IOException e) {
      throw failed(location.getHost() + " cannot be asked for it (" + kind(e) + ")", key);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed("the wait for " + location.getHost() + " was interrupted", key);
    }
  }

  private static byte[] limited(InputStream in, String key) throws IOException {
    byte[] read = in.readNBytes(LARGEST + 1);
    if (read.length > LARGEST) {
      throw failed("it is longer than " + LARGEST + " bytes", key);
    }
    return read;
  }

  private static String kind(IOException failure) {
    return failure.getClass().getSimpleName();
  }

  private static PenstockException failed(String reason, String key) {
    return PenstockException.of(
        ErrorCode.LOAD_CONNECTION,
        "The certificate authority of the database is not known",
        reason,
        "Change " + key + " to where the certificate is, in PEM");
  }
}
