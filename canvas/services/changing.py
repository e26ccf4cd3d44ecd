"""The one way a canvas changes: under its row's lock, one version further, with a revision that can be undone."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.utils import timezone

from accounts.access import Access
from accounts.services import audit_record
from canvas.domain.blocks import UnknownField, field_of
from canvas.domain.changes import HEADER, LONGEST_QUOTE, applied, differences, label_of, parts_of, quoted, told
from canvas.domain.completeness import kept
from canvas.domain.offers import decided_by
from canvas.domain.values import UnusableValue, value_of
from canvas.models import Canvas, CanvasRevision, Review
from common.errors import FieldProblem, InvalidInput, StaleEdit

VERBS = {"typed": "changed"}
Entries = dict[str, dict[str, Any]]


def author_of(access: Access) -> str:
    return str(access.user) if access.user is not None else "Taskworth"


def locked(canvas: Canvas) -> Canvas:
    """The canvas as it is now, held until the transaction ends."""
    return Canvas.objects.of(canvas.workspace).select_for_update().get(pk=canvas.pk)


def entries_of(access: Access, values: Mapping[str, Any]) -> Entries:
    """Typed entries of what a person typed or sent, by path; InvalidInput names every field that cannot be kept."""
    entries: Entries = {}
    problems: list[FieldProblem] = []
    for path, given in values.items():
        try:
            block, key = parts_of(path)
            value = value_of(field_of(block, key), given)
            entries[path] = {"value": value, "source": author_of(access), "by": "person"}
        except (UnknownField, UnusableValue) as problem:
            problems.append(FieldProblem(path, str(problem)))
    if problems:
        raise InvalidInput("The canvas was not changed.", detail=problems[0].message, errors=problems)
    return entries


def change(access: Access, canvas: Canvas, entries: Entries, *, cause: str, header: Mapping[str, Any] = {}) -> Canvas:
    """Put entries and header values into a locked canvas. Nothing different: no new version."""
    changes = differences(canvas.fields, entries)
    changes += [
        {"path": name, "before": getattr(canvas, name), "after": value}
        for name, value in header.items()
        if getattr(canvas, name) != value
    ]
    if not changes:
        return canvas
    canvas.version += 1
    canvas.updated_at = timezone.now()
    canvas.fields = applied(canvas.fields, {path: entries[path] for path in _paths(changes)}, canvas.version)
    canvas.decided = {**canvas.decided, **decided_by(changes)}
    for name, value in header.items():
        setattr(canvas, name, value)
    if canvas.review == Review.APPROVED:
        canvas.review = Review.DRAFT
    canvas.save(update_fields=["version", "updated_at", "fields", "decided", "review", *header])
    CanvasRevision.objects.create(
        workspace=canvas.workspace,
        canvas=canvas,
        version=canvas.version,
        author=access.user,
        cause=cause,
        changes=changes,
    )
    _record(access, canvas, changes, cause)
    return canvas


def _record(access: Access, canvas: Canvas, changes: Sequence[Mapping[str, Any]], cause: str) -> None:
    """Into the audit trail: each field that a person changed, old and new, or how many were drafted."""
    verb, detail = f"canvas.{VERBS.get(cause, cause)}", {"task": canvas.task.name, "version": canvas.version}
    if cause == "drafted":
        detail["fields"] = len(changes)
    else:
        for one in changes:
            detail[label_of(one["path"])] = {"from": _short(one, "before"), "to": _short(one, "after")}
    audit_record(access=access, verb=verb, subject=f"canvas:{canvas.pk}", detail=detail)


def _short(change: Mapping[str, Any], side: str) -> str:
    """One side of a change, as a reader of the trail wants it."""
    text = quoted(change, side)
    return text if len(text) <= LONGEST_QUOTE else f"{text[:LONGEST_QUOTE]}…"


def _paths(changes: Sequence[Mapping[str, Any]]) -> list[str]:
    return [change["path"] for change in changes if change["path"] not in HEADER]


def refuse_stale(canvas: Canvas, version: int | None, paths: Sequence[str] | None = None) -> None:
    """StaleEdit when the canvas changed after `version`; with `paths`, when one of those did. None means as it is."""
    if version is None or version == canvas.version:
        return
    later = changes_since(canvas, version)
    met = [found for found in later if paths is None or found["path"] in paths]
    if met or paths is None:
        labels = ", ".join(dict.fromkeys(label_of(found["path"]) for found in met)) or "the canvas"
        raise StaleEdit(
            f"Somebody changed {labels} while you were writing.",
            changed=list(dict.fromkeys(told(found) for found in met)),
            detail="Nothing was overwritten. Look at what is there now and decide.",
        )


def differing(canvas: Canvas, entries: Entries, header: Mapping[str, Any]) -> list[str]:
    """Paths of what would not be as it is now: the same text sent again meets nobody."""
    paths = [path for path, entry in entries.items() if kept(canvas.fields, *parts_of(path)) != entry["value"]]
    return paths + [name for name, value in header.items() if getattr(canvas, name) != value]


def changes_since(canvas: Canvas, version: int) -> list[dict[str, Any]]:
    """Every single change made after a version, newest first."""
    later = CanvasRevision.objects.of(canvas.workspace).filter(canvas=canvas, version__gt=version)
    return [change for changes in later.values_list("changes", flat=True) for change in changes]


def last_changed_by_others(access: Access, canvas: Canvas, paths: Collection[str]) -> dict[str, str]:
    """Those of the paths that somebody else was the last to change, each with who and what in words."""
    found: dict[str, str] = {}
    left = set(paths)
    revisions = CanvasRevision.objects.of(canvas.workspace).filter(canvas=canvas).select_related("author")
    for revision in revisions.order_by("-version").iterator(chunk_size=20) if left else ():
        own = revision.author_id is not None and access.user is not None and revision.author_id == access.user.pk
        for one in revision.changes:
            if one["path"] in left:
                left.discard(one["path"])
                found |= {} if own else {one["path"]: f"{revision.author or 'Taskworth'} set {told(one)}"}
        if not left:
            break
    return found
