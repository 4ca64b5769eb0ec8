/** Rows as events: the records of identify and track, and batches of them over HTTP. */
@NullMarked
package io.penstock.jobs.events;

import org.jspecify.annotations.NullMarked;
