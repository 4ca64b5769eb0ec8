"""Compiles a DAG, and prints as JSON what its syntax tree says; imports nothing of Airflow."""
import ast
import json
import py_compile
import sys

path = sys.argv[1]
py_compile.compile(path, cfile=path + "c", doraise=True)
with open(path, encoding="utf-8") as file:
    tree = ast.parse(file.read())

imported = {}
for node in tree.body:
    if isinstance(node, ast.ImportFrom):
        for alias in node.names:
            imported[alias.asname or alias.name] = node.module
used = {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}
unknown = sorted(used - set(imported))
unused = sorted(set(imported) - used)


def value(node):
    """A literal, or a call as its name and arguments."""
    if isinstance(node, ast.Call):
        return {
            "call": ast.unparse(node.func),
            "arguments": [value(argument) for argument in node.args],
            "named": {keyword.arg: value(keyword.value) for keyword in node.keywords},
        }
    if isinstance(node, ast.Attribute):
        return ast.unparse(node)
    return ast.literal_eval(node)


dags = [node for node in tree.body if isinstance(node, ast.With)]
assert len(dags) == 1 and len(dags[0].items) == 1 and len(dags[0].body) == 1
print(
    json.dumps(
        {
            "title": ast.get_docstring(tree),
            "imported": imported,
            "unknown": unknown,
            "unused": unused,
            "dag": value(dags[0].items[0].context_expr),
            "task": value(dags[0].body[0].value),
        }
    )
)
