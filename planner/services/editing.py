"""Editing a process: the right to, one version a change, refusal of stale edits, volumes brought up to date."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial

from django.db import transaction
from django.db.models import F

from accounts.access import Access
from accounts.models import Role
from common.errors import StaleEdit
from planner.domain.process_graph.flow import FlowError
from planner.domain.process_graph.graph import TaskGraph
from planner.models import Process, Source, Task
from planner.services.placing import places_keep
from planner.services.revisions import revision_keep, revisions_told, standing_of

FEW = 500
FOLLOWING = ("visits_a_case", "volume_a_year", "volume_source")


@contextmanager
def process_edit(*, access: Access, process: Process, version: int | None = None) -> Iterator[Process]:
    """One edit of a process in one transaction; nothing is written when the block or the check fails.

    `version` is the one the edit was made from; when the process has moved on, StaleEdit. None edits what is there.
    The layout, which takes seconds in a large graph, is computed before the transaction and after the outermost one,
    not in it: nobody else waits for it. Volumes are solved within, so that no version is ever read with the volumes of
    another.
    """
    access.require(Role.EDITOR)
    places_keep(process=process)
    with transaction.atomic():
        found = Process.objects.of(access.workspace).filter(pk=process.pk)
        if version is not None:
            found = found.filter(version=version)
        if not found.update(version=F("version") + 1):
            process.refresh_from_db()
            raise _stale(process, version)
        process.refresh_from_db()
        before = standing_of(process)
        yield process
        now = standing_of(process)
        _volumes_recalculate(process, now.graph)
        revision_keep(access=access, process=process, before=before, now=now)
        transaction.on_commit(partial(places_keep, process=process))


def _stale(process: Process, version: int | None) -> StaleEdit:
    return StaleEdit(
        f"“{process.name}” was changed since you opened it.",
        detail=f"It is at version {process.version}; yours was {version}. Load it again and repeat the edit.",
        changed=revisions_told(process, version or 0),
    )


def _volumes_recalculate(process: Process, graph: TaskGraph) -> None:
    """Visits and volumes that follow from others: measured visits × cases a year, else the flow equations.

    A volume set by a person stays. Where the flow equations have no solution, what would follow from them is unknown.
    """
    try:
        visits = graph.expected_visits()
    except FlowError:
        visits = {}
    rows = Task.objects.of(process.workspace).filter(process=process).values("pk", *FOLLOWING)
    tasks = [Task(workspace_id=process.workspace_id, process_id=process.pk, **row) for row in rows]
    changed = [task for task in tasks if _recalculated(task, process.cases_a_year, visits.get(str(task.pk)))]
    if len(changed) <= FEW:
        Task.everything.bulk_update(changed, FOLLOWING)
    else:
        # Every row is there, and only these columns are written over: an update of thousands by cases takes seconds.
        Task.everything.bulk_create(changed, update_conflicts=True, unique_fields=["id"], update_fields=FOLLOWING)


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
