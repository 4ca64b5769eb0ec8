package io.penstock.bench;

import java.util.List;

/** A pair: a delivery, and a peer that does the same work another way. */
interface Contest {
  /** The case, as the command line names it. */
  String name();

  /** The peer, as the command line names it after a slash. */
  String peer();

  /** Programs of the machine without which it cannot run; no run takes it unasked then. */
  default List<String> programs() {
    return List.of();
  }

  /**
   * Times both sides and judges what they wrote.
   *
   * @throws IllegalStateException where they wrote different rows
   */
  Line run(Setting setting) throws Exception;

  /** Whether the command line means this pair: by its case, or by case and peer. */
  default boolean isMeantBy(String word) {
    return word.equals(name()) || word.equals(name() + "/" + peer());
  }
}
