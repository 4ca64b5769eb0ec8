package io.penstock.jobs.read.redshift;

import io.penstock.common.secret.SecretResolver;
import io.penstock.jobs.redshift.StagingKeys;

/**
 * What sources are read with.
 *
 * @param keys makes keys for UNLOAD of a staging location's credentials
 * @param folder of this command's unloaded files
 */
public record ReadContext(SecretResolver secrets, StagingKeys keys, ReadFolder folder) {}
