/** Syncs: what has changed since the last one, and what is known to be delivered. */
@NullMarked
package io.penstock.jobs.sync;

import org.jspecify.annotations.NullMarked;
