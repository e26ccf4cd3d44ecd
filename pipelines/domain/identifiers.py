"""Identifiers of generated code are derived from text, never typed by people."""

import builtins
import keyword
import re
import sys
import unicodedata
from collections.abc import Iterable

LONGEST = 40
DEPENDENCIES = frozenset(
    [
        "fastapi",
        "httpx",
        "numpy",
        "pandas",
        "pandera",
        "pydantic",
        "pydantic_settings",
        "pytest",
        "ruff",
        "sklearn",
        "skops",
        "typer",
        "dvc",
        "joblib",
        "mlflow",
        "onnx",
        "onnxruntime",
        "uvicorn",
        "scipy",
        "src",
        "tests",
        "test",
        "config",
        "data",
        "work",
        "package",
        "setup",
        "pip",
        "site",
    ]
)
DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(1, 10))})
MODEL_ATTRIBUTES = frozenset(
    ["json", "dict", "copy", "schema", "construct", "validate", "fields", "config", "instance", "self", "cls"]
)
RESERVED = (
    frozenset(keyword.kwlist)
    | frozenset(keyword.softkwlist)
    | frozenset(sys.stdlib_module_names)
    | frozenset(dir(builtins))
    | DEPENDENCIES
    | DEVICES
    | MODEL_ATTRIBUTES
)


def words_of(text: str) -> str:
    """Lower-case ASCII words joined by underscores, at most 40 characters.

    >>> words_of('Prüfe Anspruch (Stufe 2)')
    'prufe_anspruch_stufe_2'
    >>> words_of("'; DROP TABLE")
    'drop_table'
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[:LONGEST].rstrip("_")


def package_name(text: str) -> str:
    """Name of the generated Python package: always ends in `_model`, so it hides no other module.

    >>> package_name('Review claim'), package_name('🙂'), package_name('2nd look')
    ('review_claim_model', 'task_model', 'task_2nd_look_model')
    """
    words = words_of(text) or "task"
    return f"{words if words[0].isalpha() else f'task_{words}'}_model"


def column_names(titles: Iterable[str], *, taken: Iterable[str] = ()) -> list[str]:
    """A different column name for each title; reserved words and names in use get an ending.

    >>> column_names(['Amount', 'amount!', 'class', '💶', 'model_x'])
    ['amount', 'amount_2', 'class_value', 'feature', 'of_model_x']
    """
    used = set(taken)
    names: list[str] = []
    for title in titles:
        name = _unused(_column(title), used)
        used.add(name)
        names.append(name)
    return names


def _column(title: str) -> str:
    words = words_of(title) or "feature"
    if not words[0].isalpha():
        words = f"feature_{words}"
    if words.startswith("model_"):
        words = f"of_{words}"
    return f"{words}_value" if words in RESERVED else words


def _unused(name: str, used: set[str]) -> str:
    if name not in used:
        return name
    number = 2
    while f"{name}_{number}" in used:
        number += 1
    return f"{name}_{number}"
