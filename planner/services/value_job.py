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
from planner.selectors.value_ranking import chances_of
from planner.selectors.value_tasks import ValuedTask, valued_of
from planner.services.results import results_keep, results_new, results_now

Progress = Callable[[float, str], None]
FIELDS = tuple(
    field.attname
    for field in EstimateResult._meta.concrete_fields
    if field.attname not in ("id", "workspace_id", "computed_at")
)
KEPT_RANKINGS = 3
"""Of each order of a process: those of edits that are taken back are there at once."""


def value_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Value every task of the process `params` names (None: of the workspace); rank them `by`, where it says how."""
    workspace = Workspace.objects.get(pk=params["workspace"])
    found = Process.objects.of(workspace).order_by("pk")
    processes = list(found if params["process"] is None else found.filter(pk=params["process"]))
    tasks = valued_of(workspace, processes, most=0)
    results: list[EstimateResult] = []
    for place, task in enumerate(tasks):
        if place % 10 == 0:
            progress(0.9 * place / len(tasks), f"valuing {task.task.name} ({place + 1} of {len(tasks)})")
        results += results_now(task)
    progress(0.9, f"{len(tasks)} tasks valued")
    ranking = _ranked(RankBy(params["by"]), valued_of(workspace, processes, most=None)) if params["by"] else None
    fresh = [{name: getattr(each, name) for name in FIELDS} for each in results_new(results)]
    output = {"results": fresh, "ranking": ranking}
    text = json.dumps(output, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    kept = blob_store(workspace=workspace, source=text.encode(), media_type="application/json")
    return {"values": kept.pk, "tasks": len(tasks), "new": len(fresh)}


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
    there = set(Task.objects.of(stage.workspace).values_list("pk", flat=True))
    rows = (row for row in found["results"] if row["task_id"] in there)
    results_keep([EstimateResult(workspace=stage.workspace, **row) for row in rows])
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
