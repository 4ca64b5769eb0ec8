package io.penstock.jobs.read.redshift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.common.config.StoreLocation;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The files of an UNLOAD by its manifest, never by a list of what lies there (Amazon Redshift
 * Database Developer Guide, "UNLOAD", MANIFEST VERBOSE).
 */
final class UnloadManifest {
  private final List<UnloadedFile> files;

  private UnloadManifest(List<UnloadedFile> files) {
    this.files = List.copyOf(files);
  }

  /**
   * @param folder that the files are to be in
   * @throws IOException it is no such manifest
   */
  static UnloadManifest parse(byte[] content, StoreLocation.Bucket folder) throws IOException {
    JsonNode manifest = new ObjectMapper().readTree(content);
    String below = folder + "/";
    List<UnloadedFile> files = new ArrayList<>();
    for (JsonNode entry : manifest.path("entries")) {
      String url = entry.path("url").asText();
      JsonNode bytes = entry.path("meta").path("content_length");
      JsonNode rows = entry.path("meta").path("record_count");
      if (!url.startsWith(below) || !bytes.isIntegralNumber() || !rows.isIntegralNumber()) {
        throw new IOException("the manifest names a file elsewhere, or without size and rows");
      }
      files.add(new UnloadedFile(url.substring(below.length()), bytes.asLong(), rows.asLong()));
    }
    JsonNode total = manifest.path("meta").path("record_count");
    long rows = files.stream().mapToLong(UnloadedFile::rows).sum();
    if (!manifest.path("entries").isArray() || total.isIntegralNumber() && total.asLong() != rows) {
      throw new IOException("the manifest disagrees with itself about its rows");
    }
    return new UnloadManifest(files);
  }

  /** Of an UNLOAD without rows, which may write none. */
  static UnloadManifest empty() {
    return new UnloadManifest(List.of());
  }

  List<UnloadedFile> files() {
    return files;
  }

  long rows() {
    return files.stream().mapToLong(UnloadedFile::rows).sum();
  }
}
