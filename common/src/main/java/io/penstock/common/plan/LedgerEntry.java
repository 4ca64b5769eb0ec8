package io.penstock.common.plan;

import io.penstock.common.run.DestinationResult.LoadResult;
import io.penstock.common.run.RunRecord.RunError;
import io.penstock.common.run.RunStatus;
import java.time.Instant;
import java.util.Optional;

/**
 * What one run did to one table, as the ledger keeps it.
 *
 * @param rows that were staged and copied
 * @param load the table, and what happened to it; the ledger does not keep changes of its columns
 */
public record LedgerEntry(
    RunStatus status,
    Instant startedAt,
    Instant endedAt,
    long rows,
    LoadResult load,
    Optional<RunError> error) {}
