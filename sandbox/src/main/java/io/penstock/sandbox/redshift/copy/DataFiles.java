package io.penstock.sandbox.redshift.copy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.penstock.sandbox.redshift.SqlError;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The objects a COPY loads: those a manifest names, or all under a prefix. Source: Amazon Redshift
 * Database Developer Guide, "Using a manifest to specify data files".
 */
final class DataFiles {
  private static final ObjectMapper JSON = new ObjectMapper();

  private DataFiles() {}

  static List<S3Store.Listed> of(CopyStatement copy, S3Store store) throws SqlError, IOException {
    boolean columnar = copy.format() instanceof CopyFormat.Parquet;
    return copy.manifest()
        ? manifest(copy.source(), store, columnar)
        : prefix(copy.source(), store, columnar);
  }

  private static List<S3Store.Listed> prefix(S3Location prefix, S3Store store, boolean columnar)
      throws SqlError {
    List<S3Store.Listed> files = new ArrayList<>();
    for (S3Store.Listed file : store.list(prefix)) {
      boolean directoryMarker = file.location().key().endsWith("/") && file.size() == 0;
      if (!directoryMarker && !(columnar && isHidden(file.location().key()))) {
        files.add(file);
      }
    }
    if (files.isEmpty()) {
      throw new SqlError("XX000", "The specified S3 prefix '" + prefix.key() + "' does not exist");
    }
    return files;
  }

  /** Columnar files are read by Redshift Spectrum, which passes over such names. */
  private static boolean isHidden(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    return name.startsWith("_") || name.startsWith(".") || name.startsWith("#");
  }

  private static List<S3Store.Listed> manifest(S3Location location, S3Store store, boolean columnar)
      throws SqlError, IOException {
    if (store.size(location) < 0) {
      throw new SqlError(
          "XX000",
          "Problem reading manifest file - S3ServiceException:The specified key does not"
              + " exist.,Status 404,Error NoSuchKey",
          "COPY with MANIFEST parameter requires full path of an Amazon S3 object (error 8001): "
              + location,
          null);
    }
    JsonNode entries = parse(location, store.readAll(location)).path("entries");
    if (!entries.isArray()) {
      throw malformed(location, "it has no \"entries\" array");
    }
    List<S3Store.Listed> files = new ArrayList<>();
    for (JsonNode entry : entries) {
      addEntry(location, entry, store, columnar, files);
    }
    if (files.isEmpty()) {
      throw new SqlError("XX000", "No files were found that the manifest " + location + " lists");
    }
    return files;
  }

  private static void addEntry(
      S3Location manifest,
      JsonNode entry,
      S3Store store,
      boolean columnar,
      List<S3Store.Listed> files)
      throws SqlError {
    if (!entry.path("url").isTextual()) {
      throw malformed(manifest, "an entry has no \"url\"");
    }
    S3Location file = S3Location.parse(entry.path("url").asText());
    JsonNode length = entry.path("meta").path("content_length");
    if (columnar && !length.isIntegralNumber()) {
      throw malformed(
          manifest, "\"meta\".\"content_length\" is required for columnar files, in bytes");
    }
    long size = store.size(file);
    if (size < 0) {
      if (entry.path("mandatory").asBoolean(false)) {
        throw new SqlError(
            "XX000",
            "The specified S3 object does not exist: " + file,
            "The manifest " + manifest + " lists it as mandatory.",
            null);
      }
      return;
    }
    if (length.isIntegralNumber() && columnar && length.asLong() != size) {
      throw new SqlError(
          "XX000",
          "File size does not match content_length of the manifest: "
              + file
              + " has "
              + size
              + " bytes, the manifest says "
              + length.asLong());
    }
    files.add(new S3Store.Listed(file, size));
  }

  private static JsonNode parse(S3Location location, byte[] content) throws SqlError, IOException {
    try {
      return JSON.readTree(content);
    } catch (JsonProcessingException e) {
      throw malformed(location, "it is not JSON");
    }
  }

  private static SqlError malformed(S3Location manifest, String problem) {
    return new SqlError("XX000", "Invalid manifest file " + manifest + ": " + problem, null, null);
  }
}
