"""Changes of a canvas: applied, undone to see an earlier version, and told in words.

A path is `block.field` for a field of the sheet, or the name of a header value.
"""

from collections.abc import Iterable, Mapping, Sequence
from copy import deepcopy
from typing import Any

from canvas.domain.blocks import BLOCKS, UnknownField, field_of
from canvas.domain.completeness import Fields
from canvas.domain.values import shown

HEADER = {
    "designed_for": "Designed for",
    "designed_by": "Designed by",
    "iteration": "Iteration",
    "conclusion": "Conclusion",
    "reason": "Reason",
}
LONGEST_QUOTE = 60


def path_of(block: str, key: str) -> str:
    return f"{block}.{key}"


def parts_of(path: str) -> tuple[str, str]:
    """Block and field of a path; UnknownField when it is none.

    >>> parts_of("decisions.threshold")
    ('decisions', 'threshold')
    """
    block, _, key = path.partition(".")
    field_of(block, key)
    return block, key


def applied(fields: Fields, entries: Mapping[str, Mapping[str, Any]], version: int) -> dict[str, Any]:
    """A copy of the fields with these entries put in, each marked with the version that it changed in."""
    changed = deepcopy({block: dict(inner) for block, inner in fields.items()})
    for path, entry in entries.items():
        block, key = parts_of(path)
        changed.setdefault(block, {})[key] = {**entry, "at": version}
    return changed


def differences(fields: Fields, entries: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """What putting the entries in changes, as a revision keeps it."""
    found = []
    for path, entry in entries.items():
        block, key = parts_of(path)
        before = fields.get(block, {}).get(key)
        if before is None or any(before.get(name) != entry[name] for name in ("value", "source", "by")):
            found.append({"path": path, "before": before, "after": dict(entry)})
    return found


def earlier(fields: Fields, later_changes: Iterable[Sequence[Mapping[str, Any]]]) -> dict[str, Any]:
    """The fields as they were before these changes, given newest first."""
    found = deepcopy({block: dict(inner) for block, inner in fields.items()})
    for changes in later_changes:
        for change in changes:
            if change["path"] not in HEADER:
                _undo(found, *parts_of(change["path"]), change["before"])
    return found


def _undo(fields: dict[str, Any], block: str, key: str, before: Any) -> None:
    if before is None:
        fields.get(block, {}).pop(key, None)
    else:
        fields.setdefault(block, {})[key] = before


def label_of(path: str) -> str:
    """A path in words.

    >>> label_of("decisions.threshold"), label_of("iteration")
    ('Decisions, Threshold', 'Iteration')
    """
    if path in HEADER:
        return HEADER[path]
    try:
        block, key = parts_of(path)
    except UnknownField:
        return path
    return f"{BLOCKS[block].title}, {field_of(block, key).label}"


def quoted(change: Mapping[str, Any], side: str) -> str:
    """What a field said `before` or `after` a change; a dash where it said nothing."""
    entry = change[side]
    if change["path"] in HEADER:
        return str(entry) or "–"
    block, key = parts_of(change["path"])
    return (shown(field_of(block, key), entry.get("value")) if entry else "") or "–"


def told(change: Mapping[str, Any]) -> str:
    """One change in words: which field, and what it says now."""
    if change["path"] in HEADER:
        return f"{label_of(change['path'])}: “{change['after']}”"
    block, key = parts_of(change["path"])
    after = shown(field_of(block, key), change["after"].get("value")) if change["after"] else ""
    quote = after if len(after) <= LONGEST_QUOTE else f"{after[:LONGEST_QUOTE]}…"
    return f"{label_of(change['path'])}: “{quote}”" if quote else f"{label_of(change['path'])}: emptied"
