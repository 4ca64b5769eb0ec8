package io.penstock.jobs.events;

import io.penstock.common.config.EventsDestination;
import io.penstock.common.config.EventsDestination.Target;
import io.penstock.common.error.PenstockException;
import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.events.Answer.Meaning;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Tries whether an endpoint can be used; leaves nothing there. */
public final class EndpointProbe {
  private static final Duration LONGEST = Duration.ofSeconds(10);

  private final EventsDestination events;
  private final SecretResolver secrets;

  public EndpointProbe(EventsDestination events, SecretResolver secrets) {
    this.events = events;
    this.secrets = secrets;
  }

  /**
   * Posts a batch without records. An endpoint that is what it should be accepts it or says that it
   * is empty, and knows the write key before it looks.
   *
   * @return what was found, in a few words
   * @throws PenstockException {@code EVENTS_ENDPOINT_REFUSED}, {@code SECRET_UNRESOLVED}
   */
  public String accepts() throws InterruptedException {
    Target.Http http = (Target.Http) events.to();
    boolean gzip = events.sending().gzip();
    Duration timeout =
        events.sending().timeout().compareTo(LONGEST) < 0 ? events.sending().timeout() : LONGEST;
    HttpEndpoint endpoint = new HttpEndpoint(HttpEndpoint.Address.of(http, timeout, gzip, secrets));
    Answer answer = endpoint.post(BatchBody.of(List.of(), Instant.now(), gzip));
    if (answer.meaning() == Meaning.ENDPOINT_REFUSED || answer.meaning() == Meaning.UNAVAILABLE) {
      throw EventsErrors.endpointRefused(events.name(), answer.reason(), 0);
    }
    return http.url().getHost() + (http.isExposed() ? ", unencrypted" : "");
  }
}
