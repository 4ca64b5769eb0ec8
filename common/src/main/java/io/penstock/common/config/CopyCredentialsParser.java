package io.penstock.common.config;

import io.penstock.common.config.RedshiftDestination.CopyCredentials;
import java.util.Optional;

/** Reads what COPY signs its reads with, and UNLOAD its writes. */
final class CopyCredentialsParser {
  private CopyCredentialsParser() {}

  /**
   * @param parent the block that holds the key
   */
  static CopyCredentials parse(Section parent, String key) {
    Optional<Section> given = parent.optionalBlock(key);
    if (given.isEmpty()) {
      return new CopyCredentials.FromStaging();
    }
    Section section = given.get();
    String remedy = "write an ARN such as arn:aws:iam::123456789012:role/name";
    String arn = section.requiredText("iam-role", remedy);
    for (String link : arn.split(",", -1)) {
      if (!arn.isEmpty() && !S3AccessParser.ROLE.matcher(link).matches()) {
        section.invalid("iam-role", Values.shown(link) + " is not the ARN of a role", remedy);
      }
    }
    section.finish();
    return new CopyCredentials.IamRole(arn);
  }
}
