package io.penstock.common.plan;

import java.util.ArrayDeque;
import java.util.Deque;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** Elements with attributes and no text, each on a line of its own, two spaces a level. */
final class IndentedXml {
  private final XMLStreamWriter xml;
  private final Deque<String> open = new ArrayDeque<>();

  IndentedXml(XMLStreamWriter xml) {
    this.xml = xml;
  }

  /**
   * @param attributes names and values by turns
   */
  void open(String element, String... attributes) throws XMLStreamException {
    line();
    xml.writeStartElement(element);
    attributes(attributes);
    open.push(element);
  }

  /**
   * @param attributes names and values by turns
   */
  void empty(String element, String... attributes) throws XMLStreamException {
    line();
    xml.writeEmptyElement(element);
    attributes(attributes);
  }

  void close() throws XMLStreamException {
    open.pop();
    line();
    xml.writeEndElement();
  }

  private void attributes(String... attributes) throws XMLStreamException {
    for (int i = 0; i < attributes.length; i += 2) {
      xml.writeAttribute(attributes[i], attributes[i + 1]);
    }
  }

  private void line() throws XMLStreamException {
    xml.writeCharacters("\n" + "  ".repeat(open.size()));
  }
}
