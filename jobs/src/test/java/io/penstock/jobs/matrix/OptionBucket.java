package io.penstock.jobs.matrix;

import io.penstock.common.secret.Secret;
import io.penstock.jobs.aws.S3Clients;
import io.penstock.jobs.testing.SandboxProcess;
import java.util.Map;
import java.util.TreeMap;
import software.amazon.awssdk.services.s3.S3Client;

/** A prefix of the sandbox's bucket, and how job files reach it. */
record OptionBucket(SandboxProcess sandbox, String prefix) {

  /** Keys of a destination. */
  String settings() {
    SandboxProcess.S3 s3 = sandbox.s3();
    return """
    bucket = "%s", region = "%s", endpoint = "%s", path-style = true
    credentials { type = keys, access-key = "%s", secret-key = "%s" }"""
        .formatted(sandbox.bucket(), s3.region(), s3.endpoint(), s3.accessKey(), s3.secretKey());
  }

  private S3Client client() {
    return S3Clients.shared(sandbox.access(new Secret.Literal(sandbox.s3().secretKey())));
  }

  /** Every object below the prefix, by its key. */
  Map<String, byte[]> objects() {
    Map<String, byte[]> objects = new TreeMap<>();
    client()
        .listObjectsV2Paginator(list -> list.bucket(sandbox.bucket()).prefix(prefix + "/"))
        .contents()
        .forEach(
            object ->
                objects.put(
                    object.key(),
                    client()
                        .getObjectAsBytes(get -> get.bucket(sandbox.bucket()).key(object.key()))
                        .asByteArray()));
    return objects;
  }

  long openUploads() {
    return client()
        .listMultipartUploads(list -> list.bucket(sandbox.bucket()).prefix(prefix + "/"))
        .uploads()
        .size();
  }
}
