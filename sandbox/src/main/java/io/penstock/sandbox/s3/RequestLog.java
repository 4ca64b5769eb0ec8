package io.penstock.sandbox.s3;

import jakarta.servlet.http.HttpServletRequest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/** How often each operation was asked for, and the latest requests. */
final class RequestLog {
  private static final int KEPT = 1000;

  private final Map<String, Long> counts = new TreeMap<>();
  private final Deque<Entry> latest = new ArrayDeque<>();

  /**
   * One request.
   *
   * @param path bucket and key as they were sent
   * @param accessKey empty where it was not signed
   * @param encryption the value of {@code x-amz-server-side-encryption}, or empty
   * @param checksum the name of the header or trailer that its checksum is in, or empty
   */
  record Entry(
      String operation,
      String path,
      int status,
      String accessKey,
      String encryption,
      String checksum) {

    static Entry of(String operation, HttpServletRequest request, int status) {
      return new Entry(
          operation,
          request.getRequestURI(),
          status,
          Claim.of(request).map(Claim::accessKey).orElse(""),
          Objects.toString(request.getHeader("x-amz-server-side-encryption"), ""),
          checksum(request));
    }

    private static String checksum(HttpServletRequest request) {
      String trailer = request.getHeader("x-amz-trailer");
      if (trailer != null) {
        return trailer;
      }
      return Collections.list(request.getHeaderNames()).stream()
          .map(name -> name.toLowerCase(Locale.ROOT))
          .filter(name -> name.startsWith("x-amz-checksum-") || name.equals("content-md5"))
          .sorted()
          .findFirst()
          .orElse("");
    }
  }

  /** What was asked so far. */
  record Requests(Map<String, Long> counts, List<Entry> latest) {}

  synchronized void add(Entry entry) {
    counts.merge(entry.operation(), 1L, Long::sum);
    if (latest.size() == KEPT) {
      latest.removeFirst();
    }
    latest.addLast(entry);
  }

  synchronized Requests requests() {
    return new Requests(new TreeMap<>(counts), new ArrayList<>(latest));
  }

  synchronized void clear() {
    counts.clear();
    latest.clear();
  }
}
