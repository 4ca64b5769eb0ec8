package io.penstock.jobs.deliver.pgp;

import java.security.GeneralSecurityException;
import java.security.Provider;
import java.security.Security;
import javax.crypto.Cipher;

/** The JDK's own AES, which uses the processor's, whatever providers are registered before it. */
final class JdkAes {
  private static final String PROVIDER = "SunJCE";

  private JdkAes() {}

  static Cipher cipher(String transformation) throws GeneralSecurityException {
    Provider jdk = Security.getProvider(PROVIDER);
    return jdk == null
        ? Cipher.getInstance(transformation)
        : Cipher.getInstance(transformation, jdk);
  }

  /** SunJCE, or in a JDK without it the provider that stands in for it. */
  static Provider provider() throws GeneralSecurityException {
    return cipher("AES/CFB/NoPadding").getProvider();
  }
}
