package io.penstock.jobs.redshift;

import io.penstock.common.config.S3Access;
import io.penstock.common.plan.CopyAuthorization;

/** Resolves the credentials of a staging location into keys that COPY can be given. */
@FunctionalInterface
public interface StagingKeys {
  CopyAuthorization.Keys resolve(S3Access access);
}
