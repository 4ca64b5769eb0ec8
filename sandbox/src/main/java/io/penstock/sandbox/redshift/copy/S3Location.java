package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;

/** A bucket and a key, or the beginning of keys. */
record S3Location(String bucket, String key) {

  static S3Location parse(String uri) throws SqlError {
    if (!uri.startsWith("s3://")) {
      throw new SqlError(
          "0A000",
          "Only Amazon S3 locations are supported here",
          "The location must start with s3://; DynamoDB, EMR and SSH sources are not part of the"
              + " sandbox.",
          null);
    }
    String path = uri.substring("s3://".length());
    int slash = path.indexOf('/');
    String bucket = slash < 0 ? path : path.substring(0, slash);
    if (bucket.isEmpty()) {
      throw new SqlError("XX000", "The S3 bucket name is missing in '" + uri + "'");
    }
    return new S3Location(bucket, slash < 0 ? "" : path.substring(slash + 1));
  }

  S3Location withKey(String other) {
    return new S3Location(bucket, other);
  }

  @Override
  public String toString() {
    return "s3://" + bucket + "/" + key;
  }
}
