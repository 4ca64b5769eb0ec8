package io.penstock.bench;

/** Another way to write the rows of a delivery. */
interface Peer {
  /**
   * @param target may hold what an earlier round wrote, which goes
   */
  void write(Setting setting, Folder target) throws Exception;
}
