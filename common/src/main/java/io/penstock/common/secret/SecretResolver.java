package io.penstock.common.secret;

import io.penstock.common.error.PenstockException;

/** Turns a reference into the secret, at the moment of use. */
@FunctionalInterface
public interface SecretResolver {

  /**
   * @throws PenstockException {@code SECRET_UNRESOLVED}, naming the reference and never a value
   */
  String resolve(Secret secret);
}
