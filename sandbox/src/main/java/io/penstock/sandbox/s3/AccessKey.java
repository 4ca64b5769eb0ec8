package io.penstock.sandbox.s3;

/** A key pair that signs requests. */
public record AccessKey(String id, String secret) {
  @Override
  public String toString() {
    return "AccessKey[" + id + "]";
  }
}
