"""What a person does to a canvas: fill a field, save the sheet, set its header, end it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from canvas.domain.blocks import field_of
from canvas.domain.changes import parts_of
from canvas.domain.completeness import kept
from canvas.domain.merging import merge
from canvas.domain.values import UnusableValue, cleaned, text_of, value_of
from canvas.models import Canvas, Conclusion
from canvas.selectors import fields_at
from canvas.services.changing import (
    Entries,
    change,
    differing,
    entries_of,
    last_changed_by_others,
    locked,
    refuse_stale,
)
from common.errors import FieldProblem, InvalidInput

LONGEST_HEADER = 200
LONGEST_REASON = 500


def canvas_field_update(
    *, access: Access, canvas: Canvas, block: str, field: str, value: Any, version: int | None
) -> Canvas:
    """Fill one field. Refused as stale only when this very field changed after `version`; others may have."""
    access.require(Role.EDITOR)
    path = f"{block}.{field}"
    entries = entries_of(access, {path: value})
    with transaction.atomic():
        now = locked(canvas)
        if kept(now.fields, block, field) == entries[path]["value"]:
            return now
        refuse_stale(now, version, [path])
        return change(access, now, entries, cause="typed")


def canvas_update(
    *,
    access: Access,
    canvas: Canvas,
    values: Mapping[str, Any],
    header: Mapping[str, Any] | None = None,
    version: int | None,
) -> Canvas:
    """Fill several fields by path and set header values, all or nothing.

    Refused as stale only when one of them changed after `version`: edits of different fields never meet.
    """
    access.require(Role.EDITOR)
    entries = entries_of(access, values)
    checked = header_of(header or {})
    with transaction.atomic():
        now = locked(canvas)
        refuse_stale(now, version, differing(now, entries, checked))
        return change(access, now, entries, cause="typed", header=checked)


@dataclass(frozen=True)
class Overtaken(FieldProblem):
    """A field somebody else changed meanwhile: who, in words, and the whole text that stands there now."""

    theirs: str = ""


@dataclass(frozen=True)
class SheetSaved:
    """What became of a part of the sheet sent as a form: the canvas now, and the fields that were not taken.

    `refused` cannot be kept as they are, `overtaken` were changed by somebody else while they were typed.
    """

    canvas: Canvas
    refused: tuple[FieldProblem, ...] = ()
    overtaken: tuple[Overtaken, ...] = ()


def canvas_texts_save(
    *,
    access: Access,
    canvas: Canvas,
    texts: Mapping[str, str],
    version: int,
    bases: Mapping[str, str] = MappingProxyType({}),
) -> SheetSaved:
    """Save fields typed on a sheet that showed `version`, or `bases` where a field followed since: a three-way merge.

    Only what differs from what was shown counts as typed. A field that cannot be kept, or that somebody else changed
    meanwhile, is left as it is and named; the others are saved.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = locked(canvas)
        seen = _texts(fields_at(now, version), texts) | {path: _read_back(path, bases[path]) for path in bases}
        merged = merge(seen, {path: _read_back(path, text) for path, text in texts.items()}, _texts(now.fields, texts))
        # One's own last edit is no surprise: what was typed since goes over it.
        theirs = last_changed_by_others(access, now, merged.clashes)
        taken = [path for path in texts if path in merged.taken or (path in merged.clashes and path not in theirs)]
        entries, refused = _readable(access, {path: texts[path] for path in taken})
        overtaken = [Overtaken(path, _overtaken(words), merged.clashes[path].theirs) for path, words in theirs.items()]
        return SheetSaved(change(access, now, entries, cause="typed"), tuple(refused), tuple(overtaken))


def _readable(access: Access, texts: Mapping[str, str]) -> tuple[Entries, list[FieldProblem]]:
    entries: Entries = {}
    refused: list[FieldProblem] = []
    for path, text in texts.items():
        try:
            entries |= entries_of(access, {path: text})
        except InvalidInput as problem:
            refused += problem.errors
    return entries, refused


def _overtaken(words: str) -> str:
    return f"{words} while you were writing. Your text is still here, not saved."


def _texts(fields: dict[str, Any], paths: Iterable[str]) -> dict[str, str]:
    """What these fields say, as it would be typed."""
    return {path: cleaned(text_of(field_of(*parts_of(path)), kept(fields, *parts_of(path)))) for path in paths}


def _read_back(path: str, text: str) -> str:
    """A posted text as the sheet would show it: a choice in words, a number without its unit."""
    field = field_of(*parts_of(path))
    try:
        return cleaned(text_of(field, value_of(field, text)))
    except UnusableValue:
        return cleaned(text)


def canvas_header_update(
    *, access: Access, canvas: Canvas, header: Mapping[str, Any], version: int | None = None
) -> Canvas:
    """Set designed for, designed by or the iteration."""
    return canvas_update(access=access, canvas=canvas, values={}, header=header, version=version)


def canvas_conclude(*, access: Access, canvas: Canvas, conclusion: str, reason: str = "") -> Canvas:
    """End a canvas: build it, or do not, with the reason in words; or open it again."""
    access.require(Role.EDITOR)
    header = header_of({"conclusion": conclusion, "reason": reason})
    with transaction.atomic():
        return change(access, locked(canvas), {}, cause="concluded", header=header)


def header_of(header: Mapping[str, Any]) -> dict[str, Any]:
    """Header values as they are kept; InvalidInput names each that cannot be."""
    problems = [FieldProblem(name, message) for name, given in header.items() if (message := _fault(name, given))]
    if problems:
        raise InvalidInput("The canvas was not changed.", detail=problems[0].message, errors=problems)
    return {name: cleaned(given) if isinstance(given, str) else given for name, given in header.items()}


def _fault(name: str, given: Any) -> str:
    if name == "iteration":
        fits = isinstance(given, int) and not isinstance(given, bool) and 1 <= given <= 9999
        return "" if fits else "The iteration is a whole number from 1 to 9999."
    if name == "conclusion":
        return "" if given in Conclusion.values else f"The conclusion is one of {', '.join(Conclusion.values)}."
    if name not in ("designed_for", "designed_by", "reason"):
        return f"The canvas has no “{name}”."
    longest = LONGEST_REASON if name == "reason" else LONGEST_HEADER
    return "" if isinstance(given, str) and len(given) <= longest else f"A text of at most {longest} characters."
