package io.penstock.common.config;

/**
 * What the readers of all blocks share.
 *
 * @param base of relative paths
 * @param reader of the texts that the file refers to
 */
record Scope(Locations base, TextReader reader) {}
