"""A canvas brought as a file: read whole, then put in like any edit, all or nothing."""

from collections.abc import Callable

from django.db import transaction

from accounts.access import Access
from accounts.models import Role
from canvas.domain.imported import Imported, Unreadable
from canvas.domain.json_format import read_json
from canvas.domain.markdown_format import read_markdown
from canvas.models import Canvas
from canvas.services.changing import change, differing, entries_of, locked, refuse_stale
from canvas.services.editing import header_of
from common.errors import FieldProblem, InvalidInput

READERS: dict[str, Callable[[str], Imported]] = {"json": read_json, "md": read_markdown}
REFUSED = "The file was not taken over; the canvas is as it was."


def canvas_import(*, access: Access, canvas: Canvas, text: str, form: str, version: int | None = None) -> Canvas:
    """Put in what a file of this form (json or md) names; what it does not name stays, what it calls empty is emptied.

    Values that are there already keep their source. InvalidInput names each fault by its place in the file.
    """
    access.require(Role.EDITOR)
    brought = _read(form, text)
    try:
        entries, header = entries_of(access, brought.values), header_of(brought.header)
    except InvalidInput as problem:
        placed = [FieldProblem(brought.places.get(each.path, each.path), each.message) for each in problem.errors]
        raise _refusal(placed) from problem
    with transaction.atomic():
        now = locked(canvas)
        met = differing(now, entries, header)
        refuse_stale(now, version, met)
        fresh = {path: entry for path, entry in entries.items() if path in met}
        return change(access, now, fresh, cause="imported", header=header)


def _read(form: str, text: str) -> Imported:
    if form not in READERS:
        raise InvalidInput(REFUSED, detail=f"A canvas is read from {' or '.join(READERS)}.")
    try:
        return READERS[form](text)
    except Unreadable as unreadable:
        raise _refusal([FieldProblem(fault.where, fault.message) for fault in unreadable.faults]) from unreadable


def _refusal(problems: list[FieldProblem]) -> InvalidInput:
    first = problems[0]
    return InvalidInput(
        REFUSED, detail=f"{first.path}: {first.message}" if first.path else first.message, errors=problems
    )
