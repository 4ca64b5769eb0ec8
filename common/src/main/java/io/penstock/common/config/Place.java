package io.penstock.common.config;

/**
 * Where something stands.
 *
 * @param line from 1; 0: nowhere in particular
 */
public record Place(String file, int line, int column) {

  static Place file(String name) {
    return new Place(name, 0, 0);
  }
}
