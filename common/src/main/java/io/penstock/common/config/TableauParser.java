package io.penstock.common.config;

import io.penstock.common.schema.Identifiers;
import java.util.Locale;
import java.util.Optional;

/** Reads the block {@code tableau} of a destination of type {@code redshift}. */
final class TableauParser {
  private static final String PATH = "write a local path that ends with .tds";

  private final Scope scope;
  private final SecretParser secrets;

  TableauParser(Scope scope, SecretParser secrets) {
    this.scope = scope;
    this.secrets = secrets;
  }

  Optional<TableauConfig> parse(Section destination) {
    return destination.optionalBlock("tableau").map(this::tableau);
  }

  private TableauConfig tableau(Section section) {
    TableauConfig tableau =
        new TableauConfig(
            datasource(section), reader(section), secrets.optional(section, "reader-password"));
    section.finish();
    return tableau;
  }

  private String datasource(Section section) {
    String written = section.requiredText("datasource", PATH);
    String path = scope.base().resolve(written);
    boolean file = path.toLowerCase(Locale.ROOT).endsWith(".tds") && path.indexOf('\0') < 0;
    if (!written.isBlank() && (!file || Locations.hasScheme(path))) {
      section.invalid(
          "datasource", "is not a data source file of the driver's own file system", PATH);
    }
    return path;
  }

  private static String reader(Section section) {
    String remedy = "write the database user that Tableau signs in as";
    String reader = section.requiredText("reader", remedy);
    if (!reader.isBlank()) {
      Identifiers.problemOf(reader)
          .ifPresent(problem -> section.invalid("reader", problem, remedy));
    }
    return reader;
  }
}
