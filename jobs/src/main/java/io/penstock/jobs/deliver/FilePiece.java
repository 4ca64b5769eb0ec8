package io.penstock.jobs.deliver;

import io.penstock.jobs.store.Piece;
import java.io.Serializable;

/**
 * One task's records of a file that all tasks write.
 *
 * @param checksum CRC-32 of the bytes before compression
 * @param count of the bytes before compression
 */
record FilePiece(Piece piece, long rows, long checksum, long count) implements Serializable {
  private static final long serialVersionUID = 1L;
}
