package io.penstock.common.plan;

import io.penstock.common.config.RedshiftConnection;
import io.penstock.common.config.RedshiftConnection.TlsMode;
import io.penstock.common.config.RedshiftDestination;
import io.penstock.common.error.ErrorCode;
import io.penstock.common.error.PenstockException;
import io.penstock.common.schema.Column;
import io.penstock.common.schema.Identifiers;
import io.penstock.common.schema.TableName;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The Tableau data source file (.tds) of a loaded table: a live connection of the reader, and for
 * each column a caption, a type and a role. It holds no password; Tableau asks for it.
 *
 * <p>Elements, their order, attributes and words are those of type {@code DataSource-CT} in
 * Tableau's published schema (tableau-document-schemas, {@code twb_2018.1.0.xsd}), which leaves the
 * content of {@code connection} open; that is as in the data sources that Tableau's Document API
 * shows. The same table and columns always give the same text.
 */
public final class TableauDataSource {
  /** Of the file format: what Tableau 2018.1 and all later versions read. */
  private static final String VERSION = "18.1";

  private final RedshiftDestination destination;
  private final String reader;
  private final List<TableauField> fields;

  /**
   * @param columns of the table, in its order
   * @throws PenstockException {@code CONFIG_CONFLICT} where a name has no place in XML
   * @throws java.util.NoSuchElementException where the destination asks for no data source
   */
  public TableauDataSource(RedshiftDestination destination, List<Column> columns) {
    this.destination = destination;
    this.reader = destination.tableau().orElseThrow().reader();
    this.fields = fields(destination, columns);
    names().forEach(this::requireXml);
  }

  private static List<TableauField> fields(RedshiftDestination destination, List<Column> columns) {
    Set<String> keys = new HashSet<>();
    destination.table().design().primaryKey().forEach(key -> keys.add(Identifiers.fold(key)));
    Set<String> captions = new HashSet<>();
    List<TableauField> fields = new ArrayList<>();
    for (Column column : columns) {
      TableauField field = TableauField.of(column, keys);
      // Tableau tells fields apart by their captions; a column's name is no other's
      fields.add(captions.add(field.caption()) ? field : field.withCaption(field.name()));
    }
    return List.copyOf(fields);
  }

  private List<String> names() {
    List<String> names = new ArrayList<>(fields.stream().map(TableauField::name).toList());
    fields.forEach(field -> names.add(field.caption()));
    TableName table = destination.table().name();
    names.addAll(List.of(table.schema(), table.name(), reader, destination.connection().host()));
    names.add(destination.connection().database());
    return names;
  }

  /** What XML 1.0 has no form for, not even escaped (production 2, "Char"). */
  private void requireXml(String name) {
    boolean fits =
        name.codePoints()
            .allMatch(
                c ->
                    (c >= 0x20 && c <= 0xD7FF)
                        || (c >= 0xE000 && c <= 0xFFFD)
                        || (c >= 0x10000 && c <= 0x10FFFF));
    if (!fits) {
      throw PenstockException.of(
          ErrorCode.CONFIG_CONFLICT,
          "a data source of Tableau cannot hold a name of destination " + destination.name(),
          "it is XML, and a name of the table, a column or the connection holds a character that"
              + " XML does not have",
          "rename it, or leave tableau out");
    }
  }

  /**
   * The content of the file, for the table that was loaded.
   *
   * @param loaded which is not always the one that the job file names: a run may create a new one
   */
  public String xml(TableName loaded) {
    StringWriter text = new StringWriter();
    try {
      // the JDK's own: another implementation on the class path may write other bytes
      XMLStreamWriter xml = XMLOutputFactory.newDefaultFactory().createXMLStreamWriter(text);
      xml.writeStartDocument("utf-8", "1.0");
      write(new IndentedXml(xml), loaded);
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("a text in memory takes all that is written", e);
    }
    return text.append('\n').toString();
  }

  private void write(IndentedXml xml, TableName loaded) throws XMLStreamException {
    String table = Identifiers.fold(loaded.name());
    String qualified = bracketed(Identifiers.fold(loaded.schema())) + "." + bracketed(table);
    xml.open(
        "datasource",
        "caption",
        TableauField.caption(loaded.name()),
        "inline",
        "true",
        "name",
        "federated." + identity(qualified),
        "version",
        VERSION);
    xml.open("connection", "class", "federated");
    xml.open("named-connections");
    String connection = "redshift." + identity(destination.connection().database());
    xml.open("named-connection", "caption", destination.connection().host(), "name", connection);
    xml.empty("connection", connectionAttributes(Identifiers.fold(loaded.schema())));
    xml.close();
    xml.close();
    xml.empty(
        "relation", "connection", connection, "name", table, "table", qualified, "type", "table");
    xml.close();
    xml.empty("aliases", "enabled", "yes");
    for (TableauField field : fields) {
      xml.empty(
          "column",
          "caption",
          field.caption(),
          "datatype",
          field.datatype(),
          "name",
          bracketed(field.name()),
          "role",
          field.role(),
          "type",
          field.type());
    }
    xml.close();
  }

  private String[] connectionAttributes(String schema) {
    RedshiftConnection connection = destination.connection();
    return new String[] {
      "authentication",
      "username-password",
      "class",
      "redshift",
      "dbname",
      connection.database(),
      "one-time-sql",
      "",
      "port",
      Integer.toString(connection.port()),
      "schema",
      schema,
      "server",
      connection.host(),
      "sslmode",
      connection.tls().mode() == TlsMode.DISABLE ? "" : "require",
      "username",
      Identifiers.fold(reader)
    };
  }

  /** Tableau's form of a name: between brackets, a closing one doubled. */
  private static String bracketed(String name) {
    return "[" + name.replace("]", "]]") + "]";
  }

  /** Stands for the random text that Tableau gives to what it names itself. */
  private String identity(String of) {
    RedshiftConnection connection = destination.connection();
    String text = connection.host() + ":" + connection.port() + "/" + of;
    return UUID.nameUUIDFromBytes(text.getBytes(StandardCharsets.UTF_8))
        .toString()
        .replace("-", "");
  }
}
