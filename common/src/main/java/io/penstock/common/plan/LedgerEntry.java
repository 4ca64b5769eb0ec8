package io.penstock.common.plan;

import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import java.time.Instant;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one run did to one table, as the ledger keeps it.
 *
 * @param rows that were staged and copied
 */
public record LedgerEntry(
    RunStatus status,
    Instant startedAt,
    Instant endedAt,
    long rows,
    OptionalLong rowsInserted,
    OptionalLong rowsDeleted,
    Optional<RunError> error) {}
