/** Run records: the state location and the ledger. */
@NullMarked
package io.penstock.jobs.record;

import org.jspecify.annotations.NullMarked;
