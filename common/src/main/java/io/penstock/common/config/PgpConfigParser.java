package io.penstock.common.config;

import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** Reads a {@code pgp} block. What its keys hold is for others to examine. */
final class PgpConfigParser {
  /** Of a primary key of version 4 and of version 6; RFC 9580 section 5.5.4. */
  private static final Pattern FINGERPRINT = Pattern.compile("[0-9A-F]{40}|[0-9A-F]{64}");

  private final SecretParser secrets;

  PgpConfigParser(SecretParser secrets) {
    this.secrets = secrets;
  }

  Optional<PgpConfig> parse(Section destination) {
    return destination.optionalBlock("pgp").map(this::pgp);
  }

  private PgpConfig pgp(Section section) {
    PgpConfig config =
        new PgpConfig(
            key(section, "public-key"),
            fingerprint(section),
            section.has("armor") && section.flag("armor"),
            section.optionalBlock("sign").map(this::signing));
    section.finish();
    return config;
  }

  private PgpConfig.Signing signing(Section section) {
    PgpConfig.Signing signing =
        new PgpConfig.Signing(key(section, "private-key"), secrets.optional(section, "passphrase"));
    section.finish();
    return signing;
  }

  private PgpConfig.Key key(Section section, String key) {
    return new PgpConfig.Key(
        secrets.required(section, key), section.pathOf(key), section.place(key));
  }

  private static Optional<String> fingerprint(Section section) {
    Optional<String> digits =
        section
            .text("fingerprint")
            .map(text -> text.replaceAll("\\s", "").toUpperCase(Locale.ROOT));
    if (digits.isPresent()
        && !section.isUnresolved("fingerprint")
        && !FINGERPRINT.matcher(digits.get()).matches()) {
      section.invalid(
          "fingerprint",
          "is not a whole fingerprint; parts of one and key ids can be forged",
          "write all 40 (or 64) hexadecimal digits that gpg --fingerprint shows");
    }
    return digits;
  }
}
