package io.penstock.jobs.events;

import org.apache.spark.sql.catalyst.InternalRow;

/**
 * A record that waits to be sent.
 *
 * @param key what is kept of its row where it is not accepted; a copy
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record PendingEvent(byte[] record, InternalRow key) {}
