"""Drafting canvases from what is known of their tasks."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from accounts.models import Role, Workspace
from accounts.services import audit_record
from canvas.domain.changes import path_of
from canvas.domain.drafting import Draft, drafts, merged
from canvas.domain.offers import undecided
from canvas.domain.values import cleaned
from canvas.models import Canvas
from canvas.selectors import task_facts
from canvas.services.changing import author_of, change, locked
from common.errors import Conflict, InvalidInput, NotFound
from planner.domain.valuation.ranking import RankBy
from planner.models import PortfolioPlan, Process, Task
from planner.models.process import TaskQuerySet
from planner.services import portfolio_choose_start, ranking_order

MOST_AT_ONCE = 50
LONGEST_HEADER = 200


def canvas_draft(*, access: Access, task: Task) -> Canvas:
    """The task's canvas, made when there is none, its gaps and earlier drafts filled from what is known now.

    What a person typed, emptied or refused stays as it is.
    """
    access.require(Role.EDITOR)
    if task.workspace_id != access.workspace.pk:
        raise NotFound("There is no such task.")
    if task.kind != "task":
        raise InvalidInput("A canvas belongs to a task; this is where cases begin or end.")
    return canvas_fill(access=access, task=task, found=drafts(task_facts(task)))


def canvas_fill(*, access: Access, task: Task, found: tuple[Draft, ...]) -> Canvas:
    """Put what was drafted into the task's canvas, made when there is none. What a person typed or emptied stays."""
    with transaction.atomic():
        canvas, created = Canvas.objects.get_or_create(
            workspace=access.workspace, task=task, defaults=_header(access, task)
        )
        now = locked(canvas)
        changed = merged(now.fields, undecided(found, now.decided))
        entries = {path_of(block, key): entry for block, inner in changed.items() for key, entry in inner.items()}
        drafted = change(access, now, entries, cause="drafted")
        if created:
            audit_record(
                access=access, verb="canvas.created", subject=f"canvas:{canvas.pk}", detail={"task": task.name}
            )
    return drafted


def _header(access: Access, task: Task) -> dict[str, object]:
    owner = cleaned(f"{access.workspace.name}, {task.process.name}")
    by = author_of(access) if access.user is not None else ""
    return {
        "designed_for": owner[:LONGEST_HEADER],
        "designed_by": by[:LONGEST_HEADER],
        "updated_at": timezone.now(),
    }


def canvases_draft_first(*, access: Access, process: Process, k: int, by: str = RankBy.ROI) -> list[Canvas]:
    """Canvases of the first `k` tasks of the ranking in the order `by`, drafted at once, however long it takes."""
    access.require(Role.EDITOR)
    return [canvas_draft(access=access, task=task) for task in first_tasks(process, k, by)]


def first_tasks(process: Process, k: int, by: str) -> list[Task]:
    """The first `k` tasks of the ranking. InvalidInput for too many, and where none is ranked."""
    check_many(k)
    first = [row.valued.task for row in ranking_order(process, by).rows[:k]]
    if not first:
        raise InvalidInput(
            "No task can be ranked yet.", detail="Give at least one task a volume and a handling time, then rank."
        )
    return first


def check_many(k: int) -> None:
    """InvalidInput where so many are not drafted in one go."""
    if not 1 <= k <= MOST_AT_ONCE:
        raise InvalidInput(f"Between 1 and {MOST_AT_ONCE} canvases can be drafted at once.")


def portfolio_tasks(*, access: Access, plan: PortfolioPlan) -> list[Task]:
    """The tasks a portfolio chooses now.

    InvalidInput where nothing is chosen or too much for once, Conflict where the choice takes a job first.
    """
    access.require(Role.EDITOR)
    if portfolio_choose_start(access=access, plan=plan) is not None:
        raise Conflict("The tasks are being chosen anew.", detail="Look at the portfolio when that is done.")
    chosen = [line["id"] for line in plan.result.get("chosen", ())]
    tasks = list(tasks_to_draft(access.workspace, chosen))
    if not tasks:
        raise InvalidInput("No task is chosen yet.", detail="Change the limits of the portfolio, then choose.")
    if len(tasks) > MOST_AT_ONCE:
        raise InvalidInput(f"Between 1 and {MOST_AT_ONCE} canvases can be drafted at once, not {len(tasks)}.")
    return tasks


def tasks_to_draft(workspace: Workspace, ids: Iterable[int]) -> TaskQuerySet:
    """Those of these tasks that are there, with their processes."""
    every = Task.objects.of(workspace).work().with_process()
    return every.filter(pk__in=ids).order_by("process_id", "position", "id")
