"""The check of what can be foretold, computed beside the database and published in one short transaction.

Imported by the task alone: it loads the learning library, which pages and services do not need.
"""

import hashlib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
from django.db import transaction
from django.utils import timezone

from accounts.access import Access
from jobs.models import Stage
from planner.domain.arranged_log import ArrangedLog
from planner.domain.foresight import screen
from planner.domain.proposals import Proposal, Role, endings_of, proposals_for, target_complete
from planner.domain.screen_evidence import evidence_of
from planner.domain.screening import Proposed, best_of, proposals_screen
from planner.domain.task_view import view_of
from planner.models import DecisionTarget, EventLog, Task
from planner.services.estimates import estimate_prefill
from planner.services.training_tables import log_read, pseudonym_key

Progress = Callable[[float, str], None]


def foresight_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """Propose and check the targets of all tasks in the log, or check the one target `params` names."""
    log = EventLog.objects.select_related("events", "workspace").get(pk=params["log"])
    if "target" in params:
        return _one_target(log, int(params["target"]))
    tasks = list(Task.objects.of(log.workspace).work().filter(process=log.process_id).exclude(activity=""))
    arranged = log_read(log)
    endings, key = endings_of(arranged), pseudonym_key(log.workspace)
    found = {}
    for place, task in enumerate(tasks):
        progress(place / len(tasks), f"checking {task.name}")
        found[str(task.pk)] = _task_screened(arranged, task, endings, key)
    return {"log": log.pk, "endings": list(endings), "tasks": found}


def foresight_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Store what was found, inside the transaction that completes the stage."""
    log = EventLog.objects.get(pk=output["log"])
    if "target" in output:
        DecisionTarget.objects.of(log.workspace).filter(pk=output["target"]).update(
            **output["found"], log=log, screened_at=timezone.now()
        )
        return
    tasks = Task.objects.of(log.workspace).filter(pk__in=[int(key) for key in output["tasks"]])
    for task in tasks:
        _store(task, log, output["tasks"][str(task.pk)])
    access = Access.system(log.workspace)
    transaction.on_commit(partial(estimate_prefill, access=access, process=log.process))


def _one_target(log: EventLog, pk: int) -> dict[str, Any]:
    row = DecisionTarget.objects.of(log.workspace).select_related("task").get(pk=pk)
    arranged = log_read(log)
    target = target_complete(row.target, endings=endings_of(arranged))
    view = view_of(arranged, row.task.activity, pseudonym_key=pseudonym_key(log.workspace))
    found = screen(view, target, rng=_rng(row.task), automatic=row.task.is_automatic)
    measured = _row(Proposed(Proposal(target, Role.ASKED, ""), found))
    return {
        "log": log.pk,
        "target": pk,
        "found": {name: measured[name] for name in ("spec", "verdict", "reason", "evidence")},
    }


def _rng(task: Task) -> np.random.Generator:
    """The same dice for the same activity, so that a check can be repeated."""
    digest = hashlib.sha256(task.activity.encode()).digest()
    return np.random.default_rng(int.from_bytes(digest[:8], "big"))


def _task_screened(log: ArrangedLog, task: Task, endings: tuple[str, ...], key: bytes) -> list[dict[str, Any]]:
    if log.number(task.activity) is None:
        return []
    view = view_of(log, task.activity, pseudonym_key=key)
    proposed = proposals_screen(view, proposals_for(view, endings=endings), rng=_rng(task), automatic=task.is_automatic)
    best = best_of(proposed)
    return [_row(one) | {"best": one is best} for one in proposed]


def _row(proposed: Proposed) -> dict[str, Any]:
    proposal, found = proposed.proposal, proposed.screen
    return {
        "text": proposal.target.text,
        "spec": proposal.target.as_json(),
        "role": proposal.role.value,
        "note": proposal.note,
        "verdict": found.finding.verdict.value if found else "",
        "reason": found.finding.reason if found else "",
        "evidence": evidence_of(found) if found else {},
    }


def _store(task: Task, log: EventLog, rows: Sequence[Mapping[str, Any]]) -> None:
    """Replace what was proposed before. What a person picked stays chosen, with what it was found to be now."""
    picked = task.targets.filter(picked=True).first()
    task.targets.filter(picked=False).delete()
    texts = {row["text"] for row in rows}
    for place, row in enumerate(rows):
        values = {name: value for name, value in row.items() if name != "best"}
        if picked is not None and row["text"] == picked.text:
            kept = {name: values[name] for name in ("verdict", "reason", "evidence")} if row["verdict"] else {}
            DecisionTarget.objects.filter(pk=picked.pk).update(log=log, position=place, **kept)
            continue
        chosen = bool(row["best"]) and picked is None
        DecisionTarget.objects.create(
            workspace=task.workspace, task=task, log=log, position=place, chosen=chosen, **values
        )
    if picked is not None and picked.text not in texts:
        DecisionTarget.objects.filter(pk=picked.pk).update(position=len(rows))
