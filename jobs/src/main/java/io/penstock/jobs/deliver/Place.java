package io.penstock.jobs.deliver;

/**
 * Where the file of a row belongs.
 *
 * @param group escaped for a name; empty where there are no groups
 * @param directory of the partition, ending in a slash; empty where there are no partitions
 */
record Place(String group, String directory) {
  static final Place ONLY = new Place("", "");
}
