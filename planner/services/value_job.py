"""The job that values many tasks: computed beside the database, kept in one short transaction.

Its results pass through the file store, being too much for the row of a stage.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from accounts.models import Workspace
from jobs.models import Blob, Stage
from jobs.services import blob_delete, blob_open, blob_store
from planner.domain.valuation.ranking import RankBy
from planner.models import EstimateResult, Process, StoredRanking, Task
from planner.selectors.ranking_kept import chances_plain, ranking_fingerprint
from planner.selectors.value_outcome import outcomes_ahead
from planner.selectors.value_ranking import chances_of
from planner.selectors.value_tasks import ValuedTask, valued_of
from planner.services.results import results_keep, results_new, results_now

Progress = Callable[[float, str], None]
FIELDS = tuple(
    field.attname
    for field in EstimateResult._meta.concrete_fields
    if field.attname not in ("id", "workspace_id", "computed_at")
)
AT_ONCE = 64
"""Tasks that are valued between two words on how far the job is."""

KEPT_RANKINGS = 3
"""Of each order of a process: those of edits that are taken back are there at once."""


def value_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Value every task of the process `params` names (None: of the workspace); rank them `by`, where it says how."""
    workspace = Workspace.objects.get(pk=params["workspace"])
    found = Process.objects.of(workspace).order_by("pk")
    processes = list(found if params["process"] is None else found.filter(pk=params["process"]))
    tasks = valued_of(workspace, processes, most=0)
    results: list[EstimateResult] = []
    by = RankBy(params["by"]) if params["by"] else None
    for first in range(0, len(tasks), AT_ONCE):
        some = tasks[first : first + AT_ONCE]
        progress(0.9 * first / len(tasks), f"valuing {some[0].task.name} ({first + 1} of {len(tasks)})")
        outcomes_ahead((wanted for task in some for wanted in task.cases), by)
        for task in some:
            results += results_now(task)
    progress(0.9, f"{len(tasks)} tasks valued")
    ranking = _ranked(by, valued_of(workspace, processes, most=None)) if by else None
    fresh = results_written(results)
    output = {"results": fresh, "ranking": ranking}
    text = json.dumps(output, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    kept = blob_store(workspace=workspace, source=text.encode(), media_type="application/json")
    return {"values": kept.pk, "tasks": len(tasks), "new": len(fresh)}


def tasks_valued(
    workspace: Workspace, processes: Sequence[Process], progress: Progress
) -> tuple[list[ValuedTask], list[EstimateResult]]:
    """The tasks of these processes, all valued, saying how far it is; and what is to be kept of those that were not."""
    results: list[EstimateResult] = []
    waiting = [found for found in valued_of(workspace, processes, most=0) if found.waiting]
    for first in range(0, len(waiting), AT_ONCE):
        some = waiting[first : first + AT_ONCE]
        progress(0.8 * first / len(waiting), f"valuing {some[0].task.name} ({first + 1} of {len(waiting)})")
        outcomes_ahead(wanted for task in some for wanted in task.cases)
        for task in some:
            results += results_now(task)
    return valued_of(workspace, processes, most=None), results


def results_written(results: Sequence[EstimateResult]) -> list[dict[str, Any]]:
    """Those that are new, as plain values."""
    return [{name: getattr(each, name) for name in FIELDS} for each in results_new(results)]


def results_publish(stage: Stage, rows: Sequence[Mapping[str, Any]]) -> None:
    """Keep what `results_written` gave, but that of tasks that are gone."""
    there = set(Task.objects.of(stage.workspace).values_list("pk", flat=True))
    results_keep([EstimateResult(workspace=stage.workspace, **row) for row in rows if row["task_id"] in there])


def _ranked(by: RankBy, tasks: Sequence[ValuedTask]) -> dict[str, Any]:
    candidates = [found for found in tasks if found.is_candidate]
    content = chances_plain(chances_of(candidates, by), candidates)
    return {"by": by.value, "fingerprint": ranking_fingerprint(by, candidates), "content": content}


def value_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Keep what is new, inside the transaction that completes the stage."""
    kept = Blob.objects.of(stage.workspace).filter(pk=output["values"]).first()
    if kept is None:
        return
    with blob_open(kept) as source:
        found = json.load(source)
    results_publish(stage, found["results"])
    if found["ranking"] is not None:
        _keep_ranking(stage, found["ranking"])
    blob_delete(kept)


def _keep_ranking(stage: Stage, ranking: Mapping[str, Any]) -> None:
    process = stage.params["process"]
    if process is not None and not Process.objects.of(stage.workspace).filter(pk=process).exists():
        return
    same = StoredRanking.objects.of(stage.workspace).filter(process=process, by=ranking["by"])
    same.filter(fingerprint=ranking["fingerprint"]).delete()
    StoredRanking.objects.create(workspace=stage.workspace, process_id=process, **ranking)
    same.exclude(pk__in=list(same.values_list("pk", flat=True)[:KEPT_RANKINGS])).delete()
