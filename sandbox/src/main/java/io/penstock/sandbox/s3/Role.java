package io.penstock.sandbox.s3;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A role that the owner's key may assume.
 *
 * @param externalId that its trust policy asks for; null: none
 */
public record Role(String arn, @Nullable String externalId) {
  private static final Pattern ARN =
      Pattern.compile("arn:aws[a-z-]*:iam::\\d{12}:role/[\\w+=,.@/-]{1,512}");
  private static final String ARN_KEY = "arn=";
  private static final String EXTERNAL_ID_KEY = ",external-id=";

  /** What the sandbox knows where nothing else is declared. */
  public static final Role DEFAULT =
      new Role("arn:aws:iam::123456789012:role/penstock-sandbox", "penstock-external-id");

  public Role {
    if (!ARN.matcher(arn).matches()) {
      throw new IllegalArgumentException(arn + " is not the ARN of a role");
    }
  }

  /**
   * Reads {@code arn=ARN[,external-id=ID]}.
   *
   * @throws IllegalArgumentException it is something else
   */
  public static Role parse(String text) {
    if (!text.startsWith(ARN_KEY)) {
      throw new IllegalArgumentException("write arn=ARN or arn=ARN,external-id=ID");
    }
    int externalId = text.indexOf(EXTERNAL_ID_KEY);
    return externalId < 0
        ? new Role(text.substring(ARN_KEY.length()), null)
        : new Role(
            text.substring(ARN_KEY.length(), externalId),
            text.substring(externalId + EXTERNAL_ID_KEY.length()));
  }

  /** The twelve digits of its account. */
  String account() {
    return arn.split(":", -1)[4];
  }

  /** Its name without a path. */
  String name() {
    return arn.substring(arn.lastIndexOf('/') + 1);
  }
}
