package io.penstock.jobs.sync;

import io.penstock.common.error.PenstockException;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Where the syncs of a job stand, examined.
 *
 * @param text of the document, as it was read
 */
record Standing(Optional<String> text, StateDocument document) {

  /** The last sync that is known to be delivered, and whose snapshot is there. */
  Optional<SyncEntry> current() {
    return document.current();
  }

  /** A sync after it that destinations may have got a part of. */
  Optional<SyncEntry> pending() {
    return document.pending();
  }

  /**
   * @throws PenstockException {@code SYNC_STATE_LOST} or {@code STATE_UNREADABLE}, unless the sync
   *     starts anew: it then does without what cannot be read
   */
  static Standing of(SyncState state, Sync.Order order) {
    Optional<String> text = state.document();
    try {
      StateDocument document = text.map(found -> parse(found, state)).orElse(StateDocument.EMPTY);
      if (text.isPresent()) {
        state.requireCheckpoint(document.current().flatMap(entry -> entry.result().checkpoint()));
      }
      long number = document.current().map(SyncEntry::number).orElse(0L);
      if (number < order.known()) {
        throw SyncProblems.lost(state.place(), order.known(), number);
      }
      Stream.of(document.current(), document.pending())
          .flatMap(Optional::stream)
          .forEach(entry -> requireWhole(state, entry));
      return new Standing(text, document);
    } catch (PenstockException e) {
      if (order.anew()) {
        return new Standing(text, StateDocument.EMPTY);
      }
      throw e;
    }
  }

  static StateDocument parse(String text, SyncState state) {
    try {
      return StateDocument.parse(text);
    } catch (IllegalArgumentException e) {
      throw SyncProblems.unreadable(
          state.place(), "its document is not one that Penstock wrote", e);
    }
  }

  private static void requireWhole(SyncState state, SyncEntry entry) {
    requireRows(state, "snapshot", entry.rows(), state.snapshot(entry.number()).count());
    long failed = entry.result().failed();
    if (failed > 0) {
      requireRows(state, "failed keys", failed, state.failedKeys(entry.number()).count());
    }
  }

  private static void requireRows(SyncState state, String what, long written, long found) {
    if (found != written) {
      throw SyncProblems.unreadable(
          state.place(),
          "its " + what + " had " + written + " rows when it was written, and has " + found,
          null);
    }
  }
}
