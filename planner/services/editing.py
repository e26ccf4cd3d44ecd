"""Editing a process: the right to, one version a change, refusal of stale edits, volumes brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction
from django.db.models import F

from accounts.access import Access
from accounts.models import Role
from common.errors import StaleEdit
from planner.domain.process_graph.flow import FlowError
from planner.models import Process, Source, Task
from planner.selectors.graph import process_graph
from planner.selectors.process_drawing import places_of


@contextmanager
def process_edit(*, access: Access, process: Process, version: int | None = None) -> Iterator[Process]:
    """One edit of a process in one transaction; nothing is written when the block or the check fails.

    `version` is the one the edit was made from; when the process has moved on, StaleEdit. None edits what is there.
    """
    access.require(Role.EDITOR)
    with transaction.atomic():
        found = Process.objects.of(access.workspace).filter(pk=process.pk)
        if version is not None:
            found = found.filter(version=version)
        if not found.update(version=F("version") + 1):
            process.refresh_from_db()
            raise StaleEdit(
                f"“{process.name}” was changed since you opened it.",
                detail=f"It is at version {process.version}; yours was {version}. Load it again and repeat the edit.",
                changed=["graph"],
            )
        process.refresh_from_db()
        _places_keep(process)
        yield process
        volumes_recalculate(process=process)
        _places_keep(process)


def _places_keep(process: Process) -> None:
    """Remember where the drawing has each task, removed ones too: the next drawing keeps their order."""
    process.places |= places_of(process)
    process.save(update_fields=["places"])


def volumes_recalculate(*, process: Process) -> None:
    """Visits and volumes that follow from others: measured visits × cases a year, else the flow equations.

    A volume set by a person stays. Where the flow equations have no solution, what would follow from them is unknown.
    """
    graph = process_graph(process)
    try:
        visits = graph.expected_visits()
    except FlowError:
        visits = {}
    changed = [
        task
        for task in Task.objects.of(process.workspace).filter(process=process)
        if _recalculated(task, process.cases_a_year, visits.get(str(task.pk)))
    ]
    Task.objects.bulk_update(changed, ["visits_a_case", "volume_a_year", "volume_source"])


def _recalculated(task: Task, cases: float | None, expected: float | None) -> bool:
    """Bring one task up to date; whether anything changed."""
    before = (task.visits_a_case, task.volume_a_year, task.volume_source)
    if task.volume_source == Source.USER:
        task.visits_a_case = task.volume_a_year / cases if cases and task.volume_a_year is not None else expected
    elif task.volume_source == Source.LOG and task.visits_a_case is not None:
        task.volume_a_year = None if cases is None else cases * task.visits_a_case
    else:
        task.visits_a_case = expected
        task.volume_a_year = None if cases is None or expected is None else cases * expected
        task.volume_source = Source.NONE if task.volume_a_year is None else Source.FLOW
    return before != (task.visits_a_case, task.volume_a_year, task.volume_source)
