"""What differs between two generations: files added, removed and changed, and the lines of each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Any

SHOWN_LINES = 600
CONTEXT = 3
LARGEST = 400_000
"""Bytes compared line by line at most; a larger file is only said to have changed."""


@dataclass(frozen=True)
class DifferenceLine:
    """One line: `sign` is "+", "−", "" (unchanged) or "…" (lines left out); `number` is its place."""

    sign: str
    number: int | None
    text: str


@dataclass(frozen=True)
class FileDifference:
    """A file that differs: what happened, how many lines, and the lines with what is around them."""

    path: str
    kind: str
    added: int
    removed: int
    lines: tuple[DifferenceLine, ...]
    cut: bool = False


def changed_paths(before: Sequence[Mapping[str, object]], after: Sequence[Mapping[str, object]]) -> tuple[str, ...]:
    """Paths of two trees ({path, digest} of every file) that are in one alone or differ, sorted.

    >>> changed_paths([{"path": "a", "digest": "1"}], [{"path": "a", "digest": "1"}, {"path": "b", "digest": "2"}])
    ('b',)
    """
    old, new = ({str(entry["path"]): entry["digest"] for entry in tree} for tree in (before, after))
    return tuple(sorted(path for path in old.keys() | new.keys() if old.get(path) != new.get(path)))


def change_counts(
    before: Sequence[Mapping[str, object]], after: Sequence[Mapping[str, object]]
) -> tuple[int, int, int]:
    """Files added, removed and changed between two trees.

    >>> change_counts([{"path": "a", "digest": "1"}, {"path": "c", "digest": "1"}], [{"path": "a", "digest": "2"}])
    (0, 1, 1)
    """
    old, new = ({str(entry["path"]): entry["digest"] for entry in tree} for tree in (before, after))
    changed = sum(old[path] != new[path] for path in old.keys() & new.keys())
    return len(new.keys() - old.keys()), len(old.keys() - new.keys()), changed


_CANVAS = ("story", "values", "checks", "unread", "latency_budget_ms", "decided_alone", "planned", "training_hours")
_ROWS = ("label", "features", "excluded", "series", "rows_from")


def change_reasons(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[str, ...]:
    """What differs between two specifications (as JSON) that projects were made from; empty: what is generated is new.

    >>> change_reasons({"architecture": {"serving": "a"}}, {"architecture": {"serving": "b"}})
    ('other options',)
    """
    parts = (
        ("the canvas", _CANVAS),
        ("other options", ("architecture",)),
        ("the rows and columns it learns from", _ROWS),
        ("another licence", ("licence",)),
        ("other versions of packages", ("lock_digest",)),
        ("another name", ("title", "slug", "package", "process")),
    )
    return tuple(why for why, keys in parts if any(before.get(key) != after.get(key) for key in keys))


def file_difference(path: str, before: bytes | None, after: bytes | None) -> FileDifference:
    """None where a file is not there. A file that is no text, or too large, has no lines.

    >>> [(line.sign, line.text) for line in file_difference("a", b"x\\ny", b"x\\nz").lines]
    [('', 'x'), ('−', 'y'), ('+', 'z')]
    """
    kind = "added" if before is None else "removed" if after is None else "changed"
    old, new = _lines(before), _lines(after)
    if old is None or new is None:
        return FileDifference(path, kind, 0, 0, (), cut=True)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    lines: list[DifferenceLine] = []
    added = removed = 0
    for group in matcher.get_grouped_opcodes(CONTEXT):
        if lines:
            lines.append(DifferenceLine("…", None, ""))
        for tag, i1, i2, j1, j2 in group:
            if tag == "equal":
                lines += [DifferenceLine("", j1 + place + 1, text) for place, text in enumerate(new[j1:j2])]
                continue
            removed, added = removed + i2 - i1, added + j2 - j1
            lines += [DifferenceLine("−", i1 + place + 1, text) for place, text in enumerate(old[i1:i2])]
            lines += [DifferenceLine("+", j1 + place + 1, text) for place, text in enumerate(new[j1:j2])]
    return FileDifference(path, kind, added, removed, tuple(lines[:SHOWN_LINES]), cut=len(lines) > SHOWN_LINES)


def _lines(content: bytes | None) -> list[str] | None:
    if content is None:
        return []
    if len(content) > LARGEST:
        return None
    try:
        return content.decode("utf-8").splitlines()
    except UnicodeDecodeError:
        return None
