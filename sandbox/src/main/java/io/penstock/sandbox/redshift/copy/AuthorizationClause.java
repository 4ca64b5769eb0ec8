package io.penstock.sandbox.redshift.copy;

import io.penstock.sandbox.redshift.SqlError;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Collects the authorization words of a statement, which may stand anywhere among its options.
 * Source: Amazon Redshift Database Developer Guide, "Authorization parameters".
 */
final class AuthorizationClause {
  private static final Pattern ROLE =
      Pattern.compile("arn:aws(-cn|-us-gov)?:iam::\\d{12}:role/[\\w+=,.@/-]+");
  private static final Set<String> CREDENTIAL_KEYS =
      Set.of("aws_iam_role", "aws_access_key_id", "aws_secret_access_key", "token");
  private static final Map<String, String> KEY_WORDS =
      Map.of(
          "ACCESS_KEY_ID", "aws_access_key_id",
          "SECRET_ACCESS_KEY", "aws_secret_access_key",
          "SESSION_TOKEN", "token");

  private final Map<String, String> values = new HashMap<>();

  /** Reads one authorization word with its value, or returns false and reads nothing. */
  boolean accept(Tokens tokens) throws SqlError {
    Token word = tokens.peek();
    if (word.is("WITH")) {
      tokens.next();
      if (!tokens.peek().is("CREDENTIALS")) {
        throw Tokens.syntaxError(tokens.peek());
      }
      return accept(tokens);
    }
    if (word.is("CREDENTIALS")) {
      tokens.next();
      credentials(tokens.string());
      return true;
    }
    if (word.is("IAM_ROLE")) {
      tokens.next();
      tokens.accept("AS");
      put("aws_iam_role", tokens.accept("DEFAULT") ? "default" : tokens.string());
      return true;
    }
    String key = word.kind() == Token.Kind.WORD ? KEY_WORDS.get(word.keyword()) : null;
    if (key != null) {
      tokens.next();
      put(key, tokens.string());
      return true;
    }
    return false;
  }

  private void credentials(String text) throws SqlError {
    for (String pair : text.split(";", -1)) {
      if (pair.isBlank()) {
        continue;
      }
      int equals = pair.indexOf('=');
      String key = equals < 0 ? "" : pair.substring(0, equals).strip();
      if (key.equals("master_symmetric_key")) {
        throw new SqlError("0A000", "Client-side encryption is not supported by the sandbox");
      }
      if (!CREDENTIAL_KEYS.contains(key)) {
        throw invalid();
      }
      put(key, pair.substring(equals + 1).strip());
    }
  }

  private void put(String key, String value) throws SqlError {
    if (values.put(key, value) != null) {
      throw new SqlError("42601", "conflicting or redundant options");
    }
  }

  Authorization authorization() throws SqlError {
    String role = values.get("aws_iam_role");
    if (role != null) {
      if (values.size() > 1) {
        throw invalid();
      }
      return role(role);
    }
    String accessKey = values.get("aws_access_key_id");
    String secretKey = values.get("aws_secret_access_key");
    if (values.isEmpty()) {
      throw new SqlError(
          "XX000",
          "Authorization is missing",
          null,
          "Give IAM_ROLE, CREDENTIALS, or ACCESS_KEY_ID with SECRET_ACCESS_KEY.");
    }
    if (accessKey == null || accessKey.isEmpty() || secretKey == null || secretKey.isEmpty()) {
      throw invalid();
    }
    return new Authorization.Keys(accessKey, secretKey, values.get("token"));
  }

  private static Authorization role(String arns) throws SqlError {
    if (arns.equals("default")) {
      return new Authorization.DefaultRole();
    }
    for (String arn : arns.split(",", -1)) {
      if (!ROLE.matcher(arn.strip()).matches()) {
        throw new SqlError(
            "XX000",
            "Invalid IAM role: it must have the form arn:aws:iam::<account-id>:role/<role-name>");
      }
    }
    return new Authorization.Role(arns);
  }

  private static SqlError invalid() {
    return new SqlError(
        "XX000",
        "Invalid credentials. Must be of the format: credentials 'aws_iam_role=...' or"
            + " 'aws_access_key_id=...;aws_secret_access_key=...[;token=...]'");
  }
}
