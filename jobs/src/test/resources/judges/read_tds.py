"""Reads a Tableau data source and prints what a client needs to know of it, as JSON."""

import json
import sys
import xml.etree.ElementTree as ElementTree

root = ElementTree.parse(sys.argv[1]).getroot()
named = root.find("connection/named-connections/named-connection")
relation = root.find("connection/relation")
print(
    json.dumps(
        {
            "root": root.tag,
            "caption": root.get("caption"),
            "connection": named.find("connection").attrib,
            "connected": relation.get("connection") == named.get("name"),
            "table": relation.get("table"),
            "columns": [column.attrib for column in root.findall("column")],
        }
    )
)
