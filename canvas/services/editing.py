"""What a person does to a canvas: fill a field, save the sheet, set its header, end it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from canvas.domain.blocks import field_of
from canvas.domain.changes import earlier, parts_of
from canvas.domain.completeness import kept
from canvas.domain.values import cleaned, text_of
from canvas.models import Canvas, CanvasRevision, Conclusion
from canvas.services.changing import Entries, change, changed_by_others, entries_of, locked, refuse_stale
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
    """Fill several fields by path and set header values, all or nothing, on exactly this version."""
    access.require(Role.EDITOR)
    entries = entries_of(access, values)
    checked = _header(header or {})
    with transaction.atomic():
        now = locked(canvas)
        refuse_stale(now, version)
        return change(access, now, entries, cause="typed", header=checked)


@dataclass(frozen=True)
class SheetSaved:
    """What became of a part of the sheet sent as a form: the canvas now, and the fields that were not taken.

    `refused` cannot be kept as they are, `overtaken` were changed by somebody else while they were typed.
    """

    canvas: Canvas
    refused: tuple[FieldProblem, ...] = ()
    overtaken: tuple[FieldProblem, ...] = ()


def canvas_texts_save(*, access: Access, canvas: Canvas, texts: Mapping[str, str], version: int) -> SheetSaved:
    """Save fields typed on a sheet that showed `version`: only what differs from that sheet counts as typed.

    A field that cannot be kept, or that somebody else changed meanwhile, is left as it is and named; the others are
    saved.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        now = locked(canvas)
        seen = fields_at(now, version)
        typed = {path: text for path, text in texts.items() if _differs(seen, path, text)}
        theirs = changed_by_others(access, now, version)
        entries, refused = _readable(access, {path: text for path, text in typed.items() if path not in theirs})
        overtaken = (FieldProblem(path, _overtaken(theirs[path])) for path in typed if path in theirs)
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


def _differs(seen: dict[str, Any], path: str, text: str) -> bool:
    """Whether a posted text says something else than the sheet did; a choice is posted by key and kept in words."""
    block, key = parts_of(path)
    field = field_of(block, key)
    return cleaned(text_of(field, cleaned(text))) != cleaned(text_of(field, kept(seen, block, key)))


def fields_at(canvas: Canvas, version: int) -> dict[str, Any]:
    """The fields as they were at an earlier version."""
    later = CanvasRevision.objects.of(canvas.workspace).filter(canvas=canvas, version__gt=version)
    return earlier(canvas.fields, list(later.order_by("-version").values_list("changes", flat=True)))


def canvas_header_update(
    *, access: Access, canvas: Canvas, header: Mapping[str, Any], version: int | None = None
) -> Canvas:
    """Set designed for, designed by or the iteration."""
    return canvas_update(access=access, canvas=canvas, values={}, header=header, version=version)


def canvas_conclude(*, access: Access, canvas: Canvas, conclusion: str, reason: str = "") -> Canvas:
    """End a canvas: build it, or do not, with the reason in words; or open it again."""
    access.require(Role.EDITOR)
    header = _header({"conclusion": conclusion, "reason": reason})
    with transaction.atomic():
        return change(access, locked(canvas), {}, cause="concluded", header=header)


def _header(header: Mapping[str, Any]) -> dict[str, Any]:
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
