"""Tests of the ML Test Score marked by people."""

from collections.abc import Mapping
from dataclasses import dataclass

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role
from accounts.services import audit_record
from common.errors import FieldProblem, InvalidInput, StaleEdit
from pipelines.domain.ml_test_score import DONE_POINTS, TESTS
from pipelines.models import Pipeline, TestMark
from pipelines.selectors import marks_of, marks_version

LONGEST_NOTE = 500
NOT_DONE = "not"


@dataclass(frozen=True)
class MarkEntry:
    """What a person says of a test: `done` is not, by_hand or automated; `note` says where its result is."""

    done: str
    note: str = ""


def score_mark_set(*, access: Access, pipeline: Pipeline, test: str, entry: MarkEntry, version: int | None) -> None:
    """Mark one test. `version` is that of its mark as it was read, 0 before the first, None: whatever it is now.

    Refuses with InvalidInput what is no mark, or one without a note; with StaleEdit when somebody changed it since.
    """
    access.require(Role.EDITOR)
    _check({test: entry})
    with transaction.atomic():
        known = {mark.test: mark for mark in _held(pipeline)}
        current = known[test].version if test in known else 0
        if version is not None and version != current:
            raise StaleEdit(
                "Somebody marked this test since.", detail="Look at what holds now and save again.", changed=[test]
            )
        _write(access, pipeline, known, {test: entry})


def score_marks_replace(
    *, access: Access, pipeline: Pipeline, marks: Mapping[str, MarkEntry], version: int | None
) -> list[TestMark]:
    """Set the marks of all tests at once; those left out are not done. `version` is that of all marks as read.

    Refuses as `score_mark_set` does, and nothing is saved then.
    """
    access.require(Role.EDITOR)
    _check(marks)
    with transaction.atomic():
        known = {mark.test: mark for mark in _held(pipeline)}
        if version is not None and version != marks_version(list(known.values())):
            raise StaleEdit(
                "Somebody marked tests since.", detail="Read the marks again and send yours.", changed=["marks"]
            )
        _write(access, pipeline, known, {test: MarkEntry(NOT_DONE) for test in known} | dict(marks))
    return marks_of(pipeline)


def _held(pipeline: Pipeline) -> list[TestMark]:
    """The marks, with the pipeline locked: two first marks of one test would both be made."""
    Pipeline.objects.select_for_update(of=("self",)).get(pk=pipeline.pk)
    return marks_of(pipeline)


def _write(access: Access, pipeline: Pipeline, known: Mapping[str, TestMark], marks: Mapping[str, MarkEntry]) -> None:
    """Save what differs, each with its next version, and tell the trail."""
    changed = {}
    for test, entry in sorted(marks.items()):
        found = known.get(test) or TestMark(
            workspace=pipeline.workspace, pipeline=pipeline, test=test, done=NOT_DONE, version=0
        )
        if (found.done, found.note) == (entry.done, entry.note):
            continue
        found.done, found.note, found.version = entry.done, entry.note, found.version + 1
        found.marked_by, found.marked_at = access.user, timezone.now()
        found.save()
        changed[test] = {"done": entry.done, "note": entry.note}
    if changed:
        detail = {"task": pipeline.task.name, "tests": changed}
        audit_record(access=access, verb="test-score.marked", subject=pipeline.subject, detail=detail)


def _check(marks: Mapping[str, MarkEntry]) -> None:
    problems = [problem for test, entry in marks.items() for problem in _problems(test, entry)]
    if problems:
        raise InvalidInput("Not saved.", detail="Mend the fields named.", errors=problems)


def _problems(test: str, entry: MarkEntry) -> list[FieldProblem]:
    if test not in TESTS:
        return [FieldProblem(f"marks.{test}", "There is no test of this name.")]
    found = []
    if entry.done not in DONE_POINTS:
        found.append(FieldProblem(f"marks.{test}.done", "A test is not done, done by hand, or automated."))
    if entry.done != NOT_DONE and not entry.note.strip():
        found.append(FieldProblem(f"marks.{test}.note", "Say where the result is written down, or what runs it."))
    if len(entry.note) > LONGEST_NOTE:
        found.append(FieldProblem(f"marks.{test}.note", f"Write at most {LONGEST_NOTE} characters."))
    return found
