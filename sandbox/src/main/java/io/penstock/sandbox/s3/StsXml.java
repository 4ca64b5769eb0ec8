package io.penstock.sandbox.s3;

import java.util.UUID;

/** The documents that STS answers with. */
final class StsXml {
  private static final String NAMESPACE = "https://sts.amazonaws.com/doc/2011-06-15/";

  private StsXml() {}

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
        "AssumeRoleResponse",
        nested(
                "AssumeRoleResult",
                nested("AssumedRoleUser", user) + nested("Credentials", credentials))
            + nested("ResponseMetadata", requestId()));
  }

  static String error(Refusal refusal) {
    return document(
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

  private static String document(String name, String content) {
    return "<" + name + " xmlns=\"" + NAMESPACE + "\">" + content + "</" + name + ">\n";
  }

  private static String element(String name, String text) {
    return nested(name, text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"));
  }

  private static String nested(String name, String content) {
    return "<" + name + ">" + content + "</" + name + ">";
  }
}
