package io.penstock.common.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.penstock.common.config.JobFiles;
import io.penstock.common.config.Overrides;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.RedshiftType;
import io.penstock.common.schema.RedshiftType.Kind;
import io.penstock.common.schema.TableName;
import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import javax.xml.parsers.DocumentBuilderFactory;
import org.junit.jupiter.api.Test;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class TableauDataSourceTest {
  private static final Path GOLDEN = Path.of("src/test/resources/tableau/profiles.tds");
  private static final String JOB =
      """
      job = "profiles"
      sources { a { format = csv, path = "in.csv" } }
      destinations {
        warehouse {
          type = redshift
          connection { host = "wh.example.com", database = "dev", user = "loader", password = "canary7f3a" }
          staging { bucket = "acme-staging" }
          table { name = "customer_profiles", primary-key = [account] }
          tableau { datasource = "out/profiles.tds", reader = "Tableau_Reader", reader-password = "canary7f3a" }
        }
      }
      """;

  private static RedshiftDestination destination(Map<String, String> definitions) {
    return (RedshiftDestination)
        JobFiles.parse(
                "job.conf", JOB, Path.of("/jobs"), new Overrides(definitions, Optional.empty()))
            .destinations()
            .get(0);
  }

  private static Column column(String name, RedshiftType type) {
    return new Column(name, type, true, false);
  }

  private static Column text(String name) {
    return column(name, RedshiftType.varchar(40));
  }

  private static Element parsed(String xml) throws Exception {
    Document document =
        DocumentBuilderFactory.newDefaultInstance()
            .newDocumentBuilder()
            .parse(new InputSource(new StringReader(xml)));
    return document.getDocumentElement();
  }

  /** Values of an attribute of all elements of a name, in their order. */
  private static List<String> all(Element root, String element, String attribute) {
    NodeList found = root.getElementsByTagName(element);
    List<String> values = new ArrayList<>();
    for (int i = 0; i < found.getLength(); i++) {
      values.add(((Element) found.item(i)).getAttribute(attribute));
    }
    return values;
  }

  @Test
  void everyTypeAsTheGoldenFileHasIt() throws IOException {
    List<Column> columns = new ArrayList<>();
    columns.add(column("ID", RedshiftType.of(Kind.BIGINT)));
    columns.add(column("account", RedshiftType.of(Kind.INTEGER)));
    columns.add(column("region_code", RedshiftType.of(Kind.SMALLINT)));
    columns.add(column("visits", RedshiftType.of(Kind.INTEGER)));
    columns.add(column("amount", RedshiftType.decimal(12, 2)));
    columns.add(column("score", RedshiftType.of(Kind.DOUBLE)));
    columns.add(column("rate", RedshiftType.of(Kind.REAL)));
    columns.add(column("is_active", RedshiftType.of(Kind.BOOLEAN)));
    columns.add(text("full_name"));
    columns.add(column("country", new RedshiftType(Kind.CHAR, 2, 0)));
    columns.add(column("born", RedshiftType.of(Kind.DATE)));
    columns.add(column("seen_at", RedshiftType.of(Kind.TIMESTAMP)));
    columns.add(column("changed_at", RedshiftType.of(Kind.TIMESTAMPTZ)));
    columns.add(column("extra", RedshiftType.of(Kind.SUPER)));
    columns.add(column("photo", RedshiftType.of(Kind.VARBYTE)));
    RedshiftDestination destination = destination(Map.of());

    String xml = new TableauDataSource(destination, columns).xml(destination.table().name());

    assertThat(xml).isEqualTo(Files.readString(GOLDEN));
    assertThat(xml).doesNotContain("canary");
  }

  @Test
  void namesAreLiteralWhateverTheyHold() throws Exception {
    String hostile = "a\"'<&>]]é😀; --";
    RedshiftDestination destination =
        destination(
            Map.of(
                "destinations.warehouse.table.schema", "Sch\"ema]<x>",
                "destinations.warehouse.tableau.reader", "o'brien & \"co\"",
                "destinations.warehouse.connection.database", "d'b & <c>"));

    String xml =
        new TableauDataSource(destination, List.of(text(hostile), text("Second")))
            .xml(new TableName("Sch\"ema]<x>", "Ta]ble_7"));

    Element root = parsed(xml);
    assertThat(all(root, "column", "name")).containsExactly("[a\"'<&>]]]]é😀; --]", "[second]");
    assertThat(all(root, "column", "caption")).containsExactly("A\"'<&>]]é😀; --", "Second");
    assertThat(all(root, "relation", "table")).containsExactly("[sch\"ema]]<x>].[ta]]ble_7]");
    assertThat(all(root, "relation", "name")).containsExactly("ta]ble_7");
    assertThat(all(root, "connection", "username")).containsExactly("", "o'brien & \"co\"");
    assertThat(all(root, "connection", "dbname")).containsExactly("", "d'b & <c>");
    assertThat(all(root, "relation", "connection"))
        .isEqualTo(all(root, "named-connection", "name"));
  }

  @Test
  void captionsDiffer() throws Exception {
    RedshiftDestination destination = destination(Map.of());
    List<Column> columns =
        List.of(text("full_name"), text("full__name"), text("_"), text("Full Name"));

    Element root =
        parsed(new TableauDataSource(destination, columns).xml(destination.table().name()));

    assertThat(all(root, "column", "caption"))
        .containsExactly("Full Name", "full__name", "_", "full name");
  }

  @Test
  void encryptionIsAskedForWhereTheJobUsesIt() throws Exception {
    RedshiftDestination open =
        destination(Map.of("destinations.warehouse.connection.tls.mode", "disable"));

    Element root = parsed(new TableauDataSource(open, List.of(text("a"))).xml(open.table().name()));

    assertThat(all(root, "connection", "sslmode")).containsExactly("", "");
  }

  @Test
  void aNameThatXmlCannotHoldIsRefused() {
    PenstockException refused =
        catchThrowableOfType(
            PenstockException.class,
            () -> new TableauDataSource(destination(Map.of()), List.of(text("a\uFFFF"))));

    assertThat(refused.code()).isEqualTo(ErrorCode.CONFIG_CONFLICT);
    assertThat(refused.remedy()).contains("tableau");
  }
}
