package io.penstock.sandbox.s3;

import java.nio.file.Path;
import java.util.Collection;

/**
 * What an S3 server serves, and where.
 *
 * @param folder holds a folder for each bucket
 * @param port 0: any free port
 * @param region the only one that requests may be signed for
 * @param buckets those that are made where they are missing
 */
public record S3Settings(
    Path folder, int port, String region, Collection<String> buckets, Permissions permissions) {

  /** The region where nothing else is asked for. */
  public static final String DEFAULT_REGION = "us-east-1";
}
