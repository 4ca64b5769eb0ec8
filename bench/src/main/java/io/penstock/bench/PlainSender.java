package io.penstock.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.spark.api.java.function.ForeachPartitionFunction;

/**
 * What one writes who needs it quickly: records by {@code to_json}, posted from {@code
 * foreachPartition} in batches with gzip; no order, no retries, no limit, ids that differ each
 * time.
 */
record PlainSender(URI url, String writeKey, int rows) implements ForeachPartitionFunction<String> {
  private static final long serialVersionUID = 1L;

  @Override
  public void call(Iterator<String> records) throws IOException, InterruptedException {
    HttpClient http = HttpClient.newHttpClient();
    List<String> batch = new ArrayList<>();
    while (records.hasNext()) {
      batch.add(records.next());
      if (batch.size() == rows || !records.hasNext()) {
        post(http, batch);
        batch.clear();
      }
    }
  }

  private void post(HttpClient http, List<String> batch) throws IOException, InterruptedException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    try (OutputStream gzip = new GZIPOutputStream(body)) {
      String text = "{\"batch\":[" + String.join(",", batch) + "]}";
      gzip.write(text.getBytes(StandardCharsets.UTF_8));
    }
    String user =
        Base64.getEncoder().encodeToString((writeKey + ":").getBytes(StandardCharsets.UTF_8));
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("Authorization", "Basic " + user)
            .header("Content-Type", "application/json")
            .header("Content-Encoding", "gzip")
            .POST(BodyPublishers.ofByteArray(body.toByteArray()))
            .build();
    int status = http.send(request, BodyHandlers.discarding()).statusCode();
    if (status != 200) {
      throw new IOException("the receiver answered " + status);
    }
  }
}
