"""The format of a canvas in JSON: its published schema (JSON Schema 2020-12), and the reader of such files."""

import json
from collections.abc import Callable, Mapping
from typing import Any

from canvas.domain.blocks import BLOCKS, SHEET, field_of
from canvas.domain.completeness import State
from canvas.domain.fields import Field, Kind
from canvas.domain.imported import Fault, Imported, Place, Unreadable, listed, refuse_long
from canvas.domain.rendering import CONCLUSIONS, FORMAT
from canvas.domain.values import COMPARISONS, HOURS, LONGEST_CELL, MOST_ROWS

TEXT, AMOUNT = {"type": "string"}, {"type": "number"}
HEADER: dict[str, dict[str, Any]] = {
    "designed_for": {"type": "string", "maxLength": 200},
    "designed_by": {"type": "string", "maxLength": 200},
    "iteration": {"type": "integer", "minimum": 1, "maximum": 9999},
    "conclusion": {"enum": list(CONCLUSIONS)},
    "reason": {"type": "string", "maxLength": 500},
}
TOLD: dict[str, dict[str, Any]] = {
    **dict.fromkeys(("task", "process", "workspace", "currency"), TEXT),
    "date": {"type": "string", "format": "date"},
    **{name: {"type": "integer"} for name in ("version", "id", "task_id", "process_id")},
    "attribution": {"type": "object", "additionalProperties": TEXT},
    "review": {"type": "object"},
}
"""What an export tells beside; an import leaves it alone."""
ABOUT_A_FIELD = ("label", "kind", "text", "source", "state")
ABOUT_A_BLOCK = ("title", "state")


def canvas_schema() -> dict[str, Any]:
    """The JSON Schema of an exported canvas; a file that is imported follows it too."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Machine Learning Canvas",
        "description": f"Format {FORMAT} of Taskworth. After the canvas by Louis Dorard, ownml.co, CC BY-SA 4.0.",
        "type": "object",
        "required": ["format", "blocks"],
        "additionalProperties": False,
        "properties": {"format": {"const": FORMAT}, **HEADER, **TOLD, "blocks": _blocks_schema()},
    }


def _blocks_schema() -> dict[str, Any]:
    blocks = {
        block.key: {
            "type": "object",
            "description": block.asks,
            "required": ["fields"],
            "additionalProperties": False,
            "properties": {
                **dict.fromkeys(ABOUT_A_BLOCK, TEXT),
                "fields": {
                    "type": "object",
                    "additionalProperties": False,
                    "properties": {field.key: _field_schema(field) for field in block.fields},
                },
            },
        }
        for block in SHEET
    }
    return {"type": "object", "additionalProperties": False, "properties": blocks}


def _field_schema(field: Field) -> dict[str, Any]:
    return {
        "type": "object",
        "description": field.hint,
        "required": ["value"],
        "additionalProperties": False,
        "properties": {
            **dict.fromkeys(ABOUT_A_FIELD, TEXT),
            "kind": {"const": field.kind.value},
            "state": {"enum": [state.value for state in State]},
            "value": {"anyOf": [*VALUES[field.kind](field), {"type": "null"}]},
        },
    }


def _number(field: Field) -> list[dict[str, Any]]:
    bounds = {"minimum": field.lowest, "maximum": field.highest}
    return [{**AMOUNT, **{name: end for name, end in bounds.items() if end is not None}}, TEXT]


def _rows(field: Field) -> list[dict[str, Any]]:
    cell = {"type": "string", "maxLength": LONGEST_CELL}
    row = {
        "type": "object",
        "required": [field.columns[0]],
        "additionalProperties": False,
        "properties": dict.fromkeys(field.columns, cell),
    }
    return [{"type": "array", "maxItems": MOST_ROWS, "items": row}]


def _limits(field: Field) -> list[dict[str, Any]]:
    limit = {
        "type": "object",
        "required": ["metric", "comparison", "value"],
        "additionalProperties": False,
        "properties": {
            "metric": TEXT,
            "comparison": {"enum": sorted(set(COMPARISONS.values()))},
            "value": AMOUNT,
            "note": TEXT,
        },
    }
    return [{"type": "array", "maxItems": MOST_ROWS, "items": limit}, TEXT]


def _duration(field: Field) -> list[dict[str, Any]]:
    amount = {"amount": {**AMOUNT, "minimum": 0}, "unit": {"enum": list(HOURS)}}
    whole = {"type": "object", "required": list(amount), "additionalProperties": False, "properties": amount}
    return [whole, TEXT]


VALUES: dict[Kind, Callable[[Field], list[dict[str, Any]]]] = {
    Kind.TEXT: lambda field: [TEXT],
    Kind.PROSE: lambda field: [TEXT],
    Kind.CHOICE: lambda field: [{"enum": [key for key, _ in field.choices]}],
    Kind.NUMBER: _number,
    Kind.MONEY: _number,
    Kind.SHARE: _number,
    Kind.DURATION: _duration,
    Kind.LINES: lambda field: [{"type": "array", "maxItems": MOST_ROWS, "items": TEXT}],
    Kind.LIMITS: _limits,
    Kind.ROWS: _rows,
}
"""What a value may be by kind. Where a text is let in beside a number, words stand there until they are sharpened."""


def read_json(text: str) -> Imported:
    """The values of a canvas in JSON; Unreadable names the line and column, or the path, of what is wrong."""
    refuse_long(text)
    whole = _parsed(text)
    if not isinstance(whole, Mapping):
        raise Unreadable(Fault("line 1, column 1", "A canvas is a JSON object; the file holds something else."))
    if whole.get("format") != FORMAT:
        named = f"names “{whole['format']}”" if "format" in whole else "names none"
        raise Unreadable(Fault("format", f"The file {named} as its format; read is “{FORMAT}”."[:300]))
    faults = _unknown("", whole, ("format", "blocks", *HEADER, *TOLD))
    values = dict(_values(whole.get("blocks"), faults))
    if faults:
        raise Unreadable(*faults)
    return Imported(values, {name: whole[name] for name in HEADER if name in whole})


def _parsed(text: str) -> Any:
    try:
        return json.loads(text.removeprefix("\ufeff"), parse_constant=_no_number, object_pairs_hook=_once)
    except json.JSONDecodeError as error:
        message = f"This is not JSON: {error.msg[:1].lower()}{error.msg[1:]}."
        raise Unreadable(Fault(str(Place(error.lineno, error.colno)), message)) from error
    except RecursionError as error:
        raise Unreadable(Fault("", "The file is nested deeper than any canvas.")) from error
    except ValueError as error:
        raise Unreadable(Fault("", str(error))) from error


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is not a number of JSON.")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise ValueError(f"The file names “{twice[:80]}” twice in one place.")
    return found


def _values(blocks: Any, faults: list[Fault]) -> list[tuple[str, Any]]:
    found: list[tuple[str, Any]] = []
    for key, block in _object("blocks", blocks, faults).items():
        where = f"blocks.{key}"
        if key not in BLOCKS:
            faults.append(Fault(where, f"The canvas has no block “{key}”; it has {listed(list(BLOCKS))}."))
            continue
        inside = _object(where, block, faults)
        faults += _unknown(where, inside, ("fields", *ABOUT_A_BLOCK))
        for name, field in _object(f"{where}.fields", inside.get("fields"), faults).items():
            found += _value(key, name, field, faults)
    return found


def _value(block: str, name: str, field: Any, faults: list[Fault]) -> list[tuple[str, Any]]:
    where = f"blocks.{block}.fields.{name}"
    known = [each.key for each in BLOCKS[block].fields]
    if name not in known:
        faults.append(Fault(where, f"{BLOCKS[block].title} has no field “{name}”; it has {listed(known)}."))
        return []
    inside = _object(where, field, faults)
    faults += _unknown(where, inside, ("value", *ABOUT_A_FIELD))
    if inside and "value" not in inside:
        faults.append(Fault(where, f"{field_of(block, name).label} has no “value”."))
    return [(f"{block}.{name}", inside["value"])] if "value" in inside else []


def _object(where: str, given: Any, faults: list[Fault]) -> Mapping[str, Any]:
    if isinstance(given, Mapping):
        return given
    faults.append(Fault(where, "Here an object is needed."))
    return {}


def _unknown(where: str, given: Mapping[str, Any], known: tuple[str, ...]) -> list[Fault]:
    inside = f"{where}." if where else ""
    return [Fault(f"{inside}{name}", f"A canvas has no “{name}” here.") for name in given if name not in known]
