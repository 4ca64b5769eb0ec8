package io.penstock.common.secret;

import java.io.Serializable;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where a secret is found. Only {@link Literal} holds one; none prints one. A literal is not
 * serializable by accident: it crosses to an executor only inside a resolved credential.
 */
public sealed interface Secret extends Serializable {

  /** Written in the job file itself, or substituted into it from an environment variable. */
  record Literal(String value) implements Secret {
    @Override
    public String toString() {
      return "***";
    }
  }

  /** The value of an environment variable of the driver. */
  record Environment(String name) implements Secret {
    @Override
    public String toString() {
      return "{ env = \"" + name + "\" }";
    }
  }

  /** The content of a file, without one trailing line ending. */
  record SecretFile(String path) implements Secret {
    public Path toPath() {
      return Path.of(path);
    }

    @Override
    public String toString() {
      return "{ file = \"" + path + "\" }";
    }
  }

  /** AWS Secrets Manager, whole or one field of its JSON document. */
  record SecretsManager(String nameOrArn, @Nullable String field) implements Secret {
    @Override
    public String toString() {
      return "{ secrets-manager = \""
          + nameOrArn
          + "\""
          + (field == null ? "" : ", field = \"" + field + "\"")
          + " }";
    }
  }

  /** A parameter of AWS Systems Manager Parameter Store, decrypted. */
  record Ssm(String name) implements Secret {
    @Override
    public String toString() {
      return "{ ssm = \"" + name + "\" }";
    }
  }
}
