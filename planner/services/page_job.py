"""The job that works out a page of a process of many tasks, with the figures it had when it was begun."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from django.db import transaction

from accounts.access import Access
from accounts.models import Workspace
from common.errors import InvalidInput
from jobs.models import Blob, Run, Stage
from jobs.services import StageSpec, blob_delete, blob_open, blob_store, run_submit
from planner.models import Process, StoredRanking
from planner.selectors.effect_kept import effect_asked, effect_plain
from planner.selectors.figures_kept import as_json, effect_figures, scenario_figures
from planner.selectors.kept_page import About, Kept, page_fingerprint, page_kept
from planner.selectors.kept_ranking import ranking_kept_plain
from planner.selectors.process_effect import effect_of
from planner.selectors.scenario_form import form_plain
from planner.selectors.scenarios_kept import scenarios_plain
from planner.selectors.value_scenarios import compared
from planner.selectors.value_tasks import ValuedTask
from planner.services.value_job import results_publish, results_written, tasks_valued
from planner.services.values import run_stands

Progress = Callable[[float, str], None]
TASK = "planner.work_out"
MOST_KEPT = 8
"""Of each page of a process: what was asked before, and edits that are taken back, are there at once."""
_TITLES = {
    Kept.SCENARIOS: "Compare the scenarios of {}",
    Kept.SCENARIO_FORM: "See what moves the value of {}",
    Kept.EFFECT: "Work out the effect on {}",
    Kept.RANKING: "Rank the tasks of {}",
    Kept.SCENARIO_FIGURES: "Compare the scenarios of {}",
    Kept.EFFECT_FIGURES: "Work out the effect on {}",
}


def page_or_job(*, about: About, page: Kept, asked: Mapping[str, Any]) -> tuple[dict[str, Any] | None, Run | None]:
    """The page as it was kept, else the job that works it out; the one under way for the same is given back.

    The product does it for whoever looks: nothing changes by it but how soon the page is there.
    """
    fingerprint = page_fingerprint(about, page, asked)
    kept = page_kept(about, page, fingerprint)
    return (kept, None) if kept is not None else (None, _submitted(about, page, asked, fingerprint))


def _submitted(about: About, page: Kept, asked: Mapping[str, Any], fingerprint: str) -> Run:
    process = about.process.pk if about.process is not None else None
    key = f"{TASK}:{about.subject}:{page.name.lower()}:{fingerprint[:32]}"
    params = {"workspace": about.workspace.pk, "process": process, "page": page.value, "asked": dict(asked)}
    with transaction.atomic():
        earlier = Run.objects.of(about.workspace).filter(idempotency_key__startswith=f"{key}:#").order_by("-pk")
        last = earlier.first()
        if last is not None and run_stands(last):
            return last
        return run_submit(
            access=Access.system(about.workspace),
            kind=TASK,
            title=_TITLES[page].format(about.name)[:200],
            stages=[StageSpec(name="work out", task_name=TASK, params=params)],
            subject=about.subject,
            idempotency_key=f"{key}:#{earlier.count() + 1}",
        )


def page_compute(*, params: Mapping[str, Any], progress: Progress) -> dict[str, Any]:
    """The page as plain values, through the file store. Empty when the process was deleted or changed meanwhile."""
    about = _about(params)
    if about is None:
        return {}
    page, asked = Kept(params["page"]), params["asked"]
    fingerprint = page_fingerprint(about, page, asked)
    tasks, results = tasks_valued(about.workspace, about.processes, progress)
    progress(0.8, f"{len(tasks)} tasks valued")
    content = _worked_out(page, about, asked, tasks)
    now = _about(params)
    if now is None or page_fingerprint(now, page, asked) != fingerprint:
        return {}
    whole = {"page": content, "results": results_written(results)}
    text = json.dumps(whole, ensure_ascii=False, separators=(",", ":"))
    kept = blob_store(workspace=about.workspace, source=text.encode(), media_type="application/json")
    return {"page": page.value, "fingerprint": fingerprint, "content": kept.pk}


def _about(params: Mapping[str, Any]) -> About | None:
    """What the page is of, as it is now; None where that is gone."""
    if params["process"] is None:
        workspace = Workspace.objects.filter(pk=params["workspace"]).first()
        return About(workspace) if workspace is not None else None
    process = Process.objects.select_related("workspace").filter(pk=params["process"]).first()
    return About.of(process) if process is not None else None


def _worked_out(page: Kept, about: About, asked: Mapping[str, Any], tasks: list[ValuedTask]) -> dict[str, Any]:
    if page is Kept.RANKING:
        return ranking_kept_plain(tasks, asked)
    if page is Kept.SCENARIO_FORM:
        return form_plain(tasks)
    process = about.process
    if process is None:
        raise ValueError(f"The {page} is of one process.")
    if page is Kept.SCENARIOS:
        return scenarios_plain(compared(process, tasks))
    if page is Kept.SCENARIO_FIGURES:
        return {"text": as_json(scenario_figures(compared(process, tasks)))}
    if page is Kept.EFFECT_FIGURES:
        return _effect_told(process, asked, tasks)
    return effect_plain(effect_of(process, *effect_asked(asked), found=tasks))


def _effect_told(process: Process, asked: Mapping[str, Any], tasks: list[ValuedTask]) -> dict[str, Any]:
    """What the API answers, or why it cannot: a task that is not valued is only seen here."""
    try:
        found = effect_of(process, *effect_asked(asked), found=tasks)
    except InvalidInput as refused:
        return {"problems": [asdict(each) for each in refused.errors]}
    return {"problems": [asdict(each) for each in found.problems], "text": as_json(effect_figures(found))}


def page_publish(stage: Stage, output: Mapping[str, Any]) -> None:
    """Keep it, inside the transaction that completes the stage; it is shown while its fingerprint holds."""
    blob = Blob.objects.of(stage.workspace).filter(pk=output["content"]).first() if output else None
    if blob is None:
        return
    about = _about(stage.params)
    if about is not None:
        with blob_open(blob) as source:
            found = json.load(source)
        results_publish(stage, found["results"])
        same = StoredRanking.objects.of(stage.workspace).filter(process=about.process, by=output["page"])
        same.filter(fingerprint=output["fingerprint"]).delete()
        StoredRanking.objects.create(
            workspace=stage.workspace,
            process=about.process,
            by=output["page"],
            fingerprint=output["fingerprint"],
            content=found["page"],
        )
        same.exclude(pk__in=list(same.values_list("pk", flat=True)[:MOST_KEPT])).delete()
    blob_delete(blob)
