package io.penstock.jobs.verify;

import io.penstock.jobs.store.BucketProbe;
import java.util.List;

/** The checks of a bucket, in their order. */
public final class BucketChecks {
  private BucketChecks() {}

  public static List<Check> of(String target, BucketProbe bucket) {
    return List.of(
        Check.of(target, "Credentials", bucket::signIn),
        Check.of(target, "Bucket region", bucket::region),
        Check.of(target, "Write and delete", bucket::write),
        new Check(target, "Encryption key usable", bucket::encryption));
  }
}
