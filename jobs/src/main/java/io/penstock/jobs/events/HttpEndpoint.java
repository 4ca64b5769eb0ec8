package io.penstock.jobs.events;

import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.events.Answer.Meaning;
import java.io.IOException;
import java.io.Serializable;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodySubscribers;
import java.net.http.HttpResponse.ResponseInfo;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Posts batches over HTTP. No text of it shows the write key. */
final class HttpEndpoint implements Endpoint {
  private final Address address;

  HttpEndpoint(Address address) {
    this.address = address;
  }

  /**
   * Where batches go; crosses to executors.
   *
   * @param authorization the header, with the write key in it
   */
  record Address(URI url, String authorization, Duration timeout, boolean gzip)
      implements Serializable {
    private static final long serialVersionUID = 1L;

    /**
     * @throws io.penstock.common.error.PenstockException {@code SECRET_UNRESOLVED}
     */
    static Address of(Target.Http http, Duration timeout, boolean gzip, SecretResolver secrets) {
      byte[] user = (secrets.resolve(http.writeKey()) + ":").getBytes(StandardCharsets.UTF_8);
      String authorization = "Basic " + Base64.getEncoder().encodeToString(user);
      return new Address(http.url(), authorization, timeout, gzip);
    }

    @Override
    public String toString() {
      return url.toString();
    }
  }

  /** One for the whole process: it keeps connections. Redirects would hand the key on. */
  private static final class Client {
    static final HttpClient SHARED =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
  }

  /**
   * The head of an answer decides; its body is awaited only so that the connection can be used
   * again. The request's own timeout ends with the head, so the whole exchange has one too.
   */
  @Override
  public Answer post(byte[] body) throws InterruptedException {
    AtomicReference<@Nullable ResponseInfo> head = new AtomicReference<>();
    CompletableFuture<HttpResponse<Void>> exchange =
        Client.SHARED.sendAsync(
            request(body),
            answered -> {
              head.set(answered);
              return BodySubscribers.discarding();
            });
    Answer failed = failure(exchange);
    ResponseInfo answered = head.get();
    return answered == null
        ? failed
        : Answer.of(
            answered.statusCode(), answered.headers().firstValue("Retry-After"), Instant.now());
  }

  private HttpRequest request(byte[] body) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address.url())
            .timeout(address.timeout())
            .header("Authorization", address.authorization())
            .header("Content-Type", "application/json")
            .header("User-Agent", "penstock")
            .POST(BodyPublishers.ofByteArray(body));
    if (address.gzip()) {
      request.header("Content-Encoding", "gzip");
    }
    return request.build();
  }

  /** Waits for the end of an exchange; what it was if no answer came. */
  private Answer failure(CompletableFuture<HttpResponse<Void>> exchange)
      throws InterruptedException {
    try {
      exchange.get(address.timeout().toMillis(), TimeUnit.MILLISECONDS);
      return lost();
    } catch (TimeoutException e) {
      return late();
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      if (cause instanceof HttpTimeoutException) {
        return late();
      }
      if (cause instanceof ConnectException) {
        return Answer.of(Meaning.UNAVAILABLE, "the endpoint cannot be reached");
      }
      if (cause instanceof IOException) {
        return isOfCertificate(cause)
            ? Answer.of(Meaning.ENDPOINT_REFUSED, "the endpoint's certificate is not trusted")
            : lost();
      }
      throw new IllegalStateException("sending failed", cause);
    } finally {
      exchange.cancel(true);
    }
  }

  private static Answer lost() {
    return Answer.of(Meaning.UNAVAILABLE, "the connection was lost");
  }

  private Answer late() {
    return Answer.of(
        Meaning.UNAVAILABLE, "no answer within " + address.timeout().toSeconds() + " s");
  }

  private static boolean isOfCertificate(Throwable failure) {
    for (@Nullable Throwable at = failure; at != null; at = at.getCause()) {
      if (at instanceof CertificateException) {
        return true;
      }
    }
    return false;
  }
}
