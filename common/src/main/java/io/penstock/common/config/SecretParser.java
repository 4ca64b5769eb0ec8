package io.penstock.common.config;

import io.penstock.common.error.ErrorCode;
import io.penstock.common.secret.Secret;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Reads the five forms of a secret. No message of it holds a value. */
final class SecretParser {
  private static final String FORMS =
      "write a text, { env = \"NAME\" }, { file = \"path\" }, { secrets-manager = \"name\", field ="
          + " \"field\" } or { ssm = \"/name\" }";

  private final Scope scope;

  SecretParser(Scope scope) {
    this.scope = scope;
  }

  Secret required(Section section, String key) {
    if (!section.has(key)) {
      section.missing(key, FORMS);
      return new Secret.Literal("");
    }
    return optional(section, key).orElse(new Secret.Literal(""));
  }

  Optional<Secret> optional(Section section, String key) {
    if (!section.has(key)) {
      return Optional.empty();
    }
    if (section.isBlock(key)) {
      return reference(section.block(key), key, section);
    }
    Optional<String> literal = section.text(key);
    if (literal.isPresent() && literal.get().isEmpty() && !section.isUnresolved(key)) {
      section.invalid(key, "is an empty secret", FORMS);
    }
    return literal.map(Secret.Literal::new);
  }

  private Optional<Secret> reference(Section block, String key, Section parent) {
    List<String> forms = new ArrayList<>();
    for (String form : List.of("env", "file", "secrets-manager", "ssm")) {
      if (block.has(form)) {
        forms.add(form);
      }
    }
    boolean field = block.has("field");
    block.finish();
    if (forms.size() != 1) {
      parent.problem(
          ErrorCode.CONFIG_INVALID_VALUE,
          key,
          forms.isEmpty()
              ? "does not say where the secret is"
              : "says in several ways where the secret is: " + String.join(", ", forms),
          FORMS);
      return Optional.empty();
    }
    String form = forms.get(0);
    if (field && !form.equals("secrets-manager")) {
      block.conflict("field", "belongs to secrets-manager only", "remove it");
    }
    String name = block.requiredText(form, FORMS);
    return Optional.of(
        switch (form) {
          case "env" -> new Secret.Environment(name);
          case "file" -> new Secret.SecretFile(localFile(block, name));
          case "ssm" -> new Secret.Ssm(name);
          default -> new Secret.SecretsManager(name, block.text("field").orElse(null));
        });
  }

  private String localFile(Section block, String name) {
    String path = scope.base().resolve(name);
    if (Locations.hasScheme(path)) {
      block.invalid(
          "file", "is not a path of the driver's own file system", "write an absolute path");
    }
    return path;
  }
}
