"""Files read by the parser of their format."""

import ast
import json
import tomllib

import yaml


def file_parse(path: str, content: bytes, *, typed: bool = False) -> None:
    """Raises where it cannot be read, or where something of a template was left: people may have typed the like."""
    text = content.decode("utf-8")
    if path.endswith(".py"):
        ast.parse(text, path)
    elif path.endswith(".toml"):
        tomllib.loads(text)
    elif path.endswith(".json"):
        json.loads(text)
    elif path.endswith((".yaml", ".yml")):
        assert all(part is not None for part in yaml.compose_all(text)), path
    if not typed and not path.endswith((".csv", ".lock")):
        assert "[[=" not in text, path
        assert "[[%" not in text, path
        assert all(line == line.rstrip() for line in text.splitlines()), f"{path}: space at the end of a line"
