package io.penstock.common.secret;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves literals, environment variables and files; hands the references to AWS services on. None
 * of its messages holds a value or the content of a file.
 */
public final class LocalSecrets implements SecretResolver {
  private final Map<String, String> environment;
  private final SecretResolver remote;

  /**
   * Reads the environment of this process.
   *
   * @param remote resolves {@link Secret.SecretsManager} and {@link Secret.Ssm}
   */
  public LocalSecrets(SecretResolver remote) {
    this(System.getenv(), remote);
  }

  /**
   * @param environment the variables that may be named
   * @param remote resolves {@link Secret.SecretsManager} and {@link Secret.Ssm}
   */
  public LocalSecrets(Map<String, String> environment, SecretResolver remote) {
    this.environment = Map.copyOf(environment);
    this.remote = remote;
  }

  @Override
  public String resolve(Secret secret) {
    if (secret instanceof Secret.Literal literal) {
      return literal.value();
    }
    if (secret instanceof Secret.Environment variable) {
      @Nullable String value = environment.get(variable.name());
      if (value == null || value.isEmpty()) {
        throw unresolved(secret, "the environment variable is not set", "set it for the driver");
      }
      return value;
    }
    return secret instanceof Secret.SecretFile file ? content(file) : remote.resolve(secret);
  }

  @Override
  public byte[] resolveBytes(Secret secret) {
    if (!(secret instanceof Secret.SecretFile file)) {
      return SecretResolver.super.resolveBytes(secret);
    }
    try {
      return Files.readAllBytes(file.toPath());
    } catch (IOException e) {
      throw unresolved(file, "the file cannot be read", "check its path and its permissions");
    }
  }

  private static String content(Secret.SecretFile file) {
    String content;
    try {
      content = Files.readString(file.toPath());
    } catch (IOException e) {
      // The exception is not kept: a decoding error may describe the content.
      throw unresolved(
          file, "the file cannot be read as UTF-8 text", "check its path and its permissions");
    }
    String secret = content.replaceFirst("\\r?\\n\\z", "");
    if (secret.isEmpty()) {
      throw unresolved(file, "the file is empty", "write the secret into it");
    }
    return secret;
  }

  private static PenstockException unresolved(Secret secret, String cause, String remedy) {
    return PenstockException.of(
        ErrorCode.SECRET_UNRESOLVED, "the secret " + secret + " was not found", cause, remedy);
  }
}
