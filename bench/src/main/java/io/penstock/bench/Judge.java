package io.penstock.bench;

/** What the two folders of a pair must have in common, or what ours must be. */
interface Judge {

  /**
   * @return what was found, for the table
   * @throws IllegalStateException where the folders hold different rows
   */
  String verdict(Folder ours, Folder peer) throws Exception;

  default Judge and(Judge other) {
    return (ours, peer) -> verdict(ours, peer) + "; " + other.verdict(ours, peer);
  }
}
