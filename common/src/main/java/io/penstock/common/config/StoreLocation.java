package io.penstock.common.config;

import java.io.Serializable;

/** A place that holds objects: below a prefix of a bucket, or below a local directory. */
public sealed interface StoreLocation extends Serializable {

  /**
   * @param prefix without a leading or trailing slash; may be empty
   */
  record Bucket(String bucket, String prefix, S3Access access) implements StoreLocation {
    @Override
    public String toString() {
      return "s3://" + bucket + (prefix.isEmpty() ? "" : "/" + prefix);
    }
  }

  /**
   * @param path absolute
   */
  record Directory(String path) implements StoreLocation {
    @Override
    public String toString() {
      return path;
    }
  }
}
