"""Reads text files with Python's csv module.

The argument is a JSON file: a list of {"path", "encoding", "mark", "delimiter", "quote", "escape"}, where
quote and escape may be null. Prints, for each of them, the list of its records.
"""

import csv
import json
import sys

csv.field_size_limit(1 << 30)


def records(file):
    with open(file["path"], encoding=file["encoding"], newline="") as text:
        if file["mark"] and text.read(1) != "\ufeff":
            raise ValueError("no byte order mark in " + file["path"])
        dialect = {
            "delimiter": file["delimiter"],
            "escapechar": file["escape"],
            "doublequote": file["escape"] is None,
            "strict": True,
        }
        if file["quote"] is None:
            dialect["quoting"] = csv.QUOTE_NONE
        else:
            dialect["quotechar"] = file["quote"]
        return list(csv.reader(text, **dialect))


with open(sys.argv[1], encoding="utf-8") as request:
    json.dump([records(file) for file in json.load(request)], sys.stdout)
