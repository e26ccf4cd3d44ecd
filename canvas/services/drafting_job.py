"""Drafting many canvases: written by a job whose progress is shown, kept in one transaction when all are written."""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from accounts.access import Access
from accounts.models import Role, Workspace
from canvas.domain.drafting import Draft, drafts
from canvas.models import Canvas
from canvas.selectors import DRAFT_CANVASES, task_facts
from canvas.services.drafting import canvas_draft, canvas_fill, check_many, first_tasks, portfolio_tasks, tasks_to_draft
from common.formatting import things
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_delete, blob_open, blob_store, run_submit
from planner.domain.valuation.ranking import RankBy
from planner.models import PortfolioPlan, Process, Task
from planner.selectors.value_results import MOST_AT_ONCE as RANKED_AT_ONCE

Progress = Callable[[float, str], None]
AT_ONCE = 5
"""Canvases drafted while a page waits: about 30 ms each."""


def canvases_draft_top(*, access: Access, process: Process, k: int, by: str = RankBy.ROI) -> list[Canvas] | Run:
    """Canvases of the first `k` tasks of the ranking in the order `by`: drafted at once, else the job that does it.

    InvalidInput for too many, and where no task is ranked.
    """
    access.require(Role.EDITOR)
    title = f"Draft the first {things(k, 'canvas', 'canvases')} of {process.name}"
    subject, asked = f"process:{process.pk}", {"process": process.pk, "k": k, "by": str(by)}
    if Task.objects.of(access.workspace).work().filter(process=process).count() > RANKED_AT_ONCE:
        check_many(k)
        return drafting_submit(access=access, subject=subject, title=title, asked=asked)
    tasks = first_tasks(process, k, by)
    if len(tasks) <= AT_ONCE:
        return [canvas_draft(access=access, task=task) for task in tasks]
    return drafting_submit(access=access, subject=subject, title=title, asked={"tasks": [task.pk for task in tasks]})


def canvases_draft_portfolio(*, access: Access, plan: PortfolioPlan) -> list[Canvas] | Run:
    """Canvases of the tasks a portfolio chooses now, at once or by a job; those there are already stay as they are.

    InvalidInput where nothing is chosen or too much for once, Conflict where the choice takes a job first.
    """
    tasks = portfolio_tasks(access=access, plan=plan)
    there = {canvas.task_id: canvas for canvas in Canvas.objects.of(access.workspace).filter(task__in=tasks)}
    missing = [task.pk for task in tasks if task.pk not in there]
    if len(missing) <= AT_ONCE:
        return [there.get(task.pk) or canvas_draft(access=access, task=task) for task in tasks]
    title = f"Draft the {things(len(missing), 'canvas', 'canvases')} of {plan.name}"
    asked = {"tasks": missing, "only_new": True}
    return drafting_submit(access=access, subject=f"portfolio:{plan.pk}", title=title, asked=asked)


def is_drafted_at_once(process: Process, k: int) -> bool:
    """Whether the first `k` tasks of the ranking are drafted while a page waits. One query."""
    return k <= AT_ONCE and Task.objects.of(process.workspace).work().filter(process=process).count() <= RANKED_AT_ONCE


def drafting_submit(
    *, access: Access, subject: str, title: str, asked: dict[str, Any], kind: str = DRAFT_CANVASES
) -> Run:
    """The job; one that drafts just that and is under way is given back.

    `asked` names `tasks`, or `process`, `k` and `by`; a `kind` of its own does more with the canvases.
    """
    params = {"workspace": access.workspace.pk, "only_new": False, **asked}
    digest = hashlib.sha256(json.dumps(params, sort_keys=True).encode()).hexdigest()[:32]
    key = f"{kind}:{subject}:{digest}"
    earlier = Run.objects.of(access.workspace).filter(idempotency_key__startswith=f"{key}:#").order_by("-pk")
    last = earlier.first()
    if last is not None and not last.is_over:
        return last
    return run_submit(
        access=access,
        kind=kind,
        title=title[:200],
        stages=[StageSpec(name="canvases", task_name=kind, params=params)],
        subject=subject,
        idempotency_key=f"{key}:#{earlier.count() + 1}",
    )


def canvases_draft_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Write every draft, keep none yet: they pass through the file store, being too much for the row of a stage.

    InvalidInput where no task is ranked.
    """
    workspace = Workspace.objects.get(pk=params["workspace"])
    progress(0.0, "choosing the tasks")
    found: list[dict[str, Any]] = []
    tasks = list(tasks_to_draft(workspace, _asked(workspace, params)))
    for place, task in enumerate(tasks):
        progress(place / len(tasks), f"drafting the canvas of {task.name} ({place + 1} of {len(tasks)})")
        found.append({"task": task.pk, "drafts": [asdict(draft) for draft in drafts(task_facts(task))]})
    text = json.dumps(found, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    kept = blob_store(workspace=workspace, source=text.encode(), media_type="application/json")
    return {"drafts": kept.pk, "canvases": len(found), "tasks": [each["task"] for each in found]}


def _asked(workspace: Workspace, params: Mapping[str, Any]) -> list[int]:
    if "tasks" in params:
        return list(params["tasks"])
    process = Process.objects.of(workspace).select_related("workspace").get_or_404(pk=params["process"])
    return [task.pk for task in first_tasks(process, params["k"], params["by"])]


def canvases_draft_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Fill the canvases of the tasks that are still there, in the name of who asked."""
    kept = Blob.objects.of(stage.workspace).filter(pk=output["drafts"]).first()
    if kept is None:
        return
    with blob_open(kept) as source:
        found = {each["task"]: tuple(Draft(**draft) for draft in each["drafts"]) for each in json.load(source)}
    access = Access(user=stage.run.created_by, workspace=stage.workspace, role=Role.EDITOR)
    tasks = tasks_to_draft(stage.workspace, found)
    if stage.params["only_new"]:
        tasks = tasks.exclude(pk__in=Canvas.objects.of(stage.workspace).values("task_id"))
    for task in tasks:
        canvas_fill(access=access, task=task, found=found[task.pk])
    blob_delete(kept)
