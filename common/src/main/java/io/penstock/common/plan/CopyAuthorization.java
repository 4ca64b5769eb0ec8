package io.penstock.common.plan;

import io.penstock.common.schema.Identifiers;
import java.util.Optional;

/** What COPY and UNLOAD authorize themselves with, secrets resolved. */
public sealed interface CopyAuthorization {

  /** The clause to execute. */
  String clause();

  /** The clause to show. */
  String redacted();

  /** A role that the cluster or workgroup may assume. */
  record IamRole(String arn) implements CopyAuthorization {
    @Override
    public String clause() {
      return "IAM_ROLE " + Identifiers.literal(arn);
    }

    @Override
    public String redacted() {
      return clause();
    }
  }

  /** Keys, temporary where they come with a session token. */
  record Keys(String accessKey, String secretKey, Optional<String> sessionToken)
      implements CopyAuthorization {
    @Override
    public String clause() {
      return "ACCESS_KEY_ID "
          + Identifiers.literal(accessKey)
          + " SECRET_ACCESS_KEY "
          + Identifiers.literal(secretKey)
          + sessionToken.map(token -> " SESSION_TOKEN " + Identifiers.literal(token)).orElse("");
    }

    @Override
    public String redacted() {
      return "ACCESS_KEY_ID '***' SECRET_ACCESS_KEY '***'"
          + (sessionToken.isPresent() ? " SESSION_TOKEN '***'" : "");
    }

    @Override
    public String toString() {
      return "Keys[***]";
    }
  }
}
