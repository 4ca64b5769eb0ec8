package io.penstock.sandbox.s3;

import java.util.UUID;

/** The documents of the query protocol: those of STS, and the temporary logins of Redshift. */
final class QueryXml {
  private static final String STS = "https://sts.amazonaws.com/doc/2011-06-15/";
  private static final String REDSHIFT = "http://redshift.amazonaws.com/doc/2012-12-01/";

  private QueryXml() {}

  /**
   * @param roleId sixteen letters that tell roles apart
   */
  static String assumed(Role role, String session, String roleId, TemporaryKey key) {
    String user =
        element("AssumedRoleId", "AROA" + roleId + ":" + session)
            + element(
                "Arn",
                "arn:aws:sts::" + role.account() + ":assumed-role/" + role.name() + "/" + session);
    String credentials =
        element("AccessKeyId", key.key().id())
            + element("SecretAccessKey", key.key().secret())
            + element("SessionToken", key.sessionToken())
            + element("Expiration", key.expires().toString());
    return document(
        STS,
        "AssumeRoleResponse",
        nested(
                "AssumeRoleResult",
                nested("AssumedRoleUser", user) + nested("Credentials", credentials))
            + nested("ResponseMetadata", requestId()));
  }

  /**
   * @param action {@code GetClusterCredentials} or {@code GetClusterCredentialsWithIAM}
   */
  static String login(String action, LoginIssuer.Login login) {
    String result =
        element("DbUser", login.user())
            + element("DbPassword", login.password())
            + element("Expiration", login.expires().toString());
    return document(
        REDSHIFT,
        action + "Response",
        nested(action + "Result", result) + nested("ResponseMetadata", requestId()));
  }

  static String error(Refusal refusal) {
    return document(
        STS,
        "ErrorResponse",
        nested(
                "Error",
                element("Type", "Sender")
                    + element("Code", refusal.code())
                    + element("Message", refusal.message()))
            + requestId());
  }

  private static String requestId() {
    return element("RequestId", UUID.randomUUID().toString());
  }

  private static String document(String namespace, String name, String content) {
    return "<" + name + " xmlns=\"" + namespace + "\">" + content + "</" + name + ">\n";
  }

  private static String element(String name, String text) {
    return nested(name, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  private static String nested(String name, String content) {
    return "<" + name + ">" + content + "</" + name + ">";
  }
}
