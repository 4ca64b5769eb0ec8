package io.penstock.common.secret;

import io.penstock.common.error.PenstockException;
import java.nio.charset.StandardCharsets;

/** Turns a reference into the secret, at the moment of use. */
@FunctionalInterface
public interface SecretResolver {

  /**
   * @throws PenstockException {@code SECRET_UNRESOLVED}, naming the reference and never a value
   */
  String resolve(Secret secret);

  /**
   * As {@link #resolve}, for a secret that need not be text.
   *
   * @return the bytes of a file as they are; of every other form the text in UTF-8
   */
  default byte[] resolveBytes(Secret secret) {
    return resolve(secret).getBytes(StandardCharsets.UTF_8);
  }
}
