"""Starting the job that values many tasks at once: after a change that reaches many, and for rankings too large to be
computed while a page waits."""

from collections.abc import Sequence

from django.db import transaction

from accounts.access import Access
from accounts.models import Workspace
from jobs.domain.states import STAGE_NOT_BEGUN, RunState
from jobs.models import Run, Stage
from jobs.services import StageSpec, run_submit
from planner.domain.valuation.ranking import RankBy
from planner.domain.valuation.valuation import FORMULA_VERSION
from planner.models import EstimateResult, Process, Task
from planner.selectors.value_ranking import Ranking, rank_tasks
from planner.selectors.value_tasks import ValuedTask

TASK = "planner.value"


def values_start(*, access: Access, process: Process | None = None) -> Run | None:
    """Value the tasks of a process, or of the whole workspace, again as a job, and keep what is new.

    Called in the transaction of the change it follows from. A job that has not begun does for all changes before it:
    it is given back, and begins once this transaction is committed. None where there is no task to value.
    """
    every = Task.objects.of(access.workspace).work()
    if not (every.filter(process=process) if process is not None else every).exists():
        return None
    what = process.name if process is not None else "all processes"
    return _submitted(access.workspace, process, "", f"Value the tasks of {what}")


def ranking_start(*, ranking: Ranking[ValuedTask]) -> Run:
    """Compute what a ranking waits for, as a job; the one that is under way for the same ranking is given back.

    The product does it for whoever looks: nothing changes by it but how soon the ranking is there. One that failed is
    given back too, to be tried again by an editor.
    """
    what = ranking.process.name if ranking.process is not None else "all processes"
    title = f"Rank the tasks of {what} by {ranking.by.label}"
    return _submitted(ranking.workspace, ranking.process, ranking.by.value, title, ranking.fingerprint)


def values_awaited(*, process: Process, tasks: Sequence[ValuedTask]) -> Run | None:
    """The job that values what nobody has computed yet of these tasks of a process, the one under way where there is
    one; None where all are valued."""
    if not any(found.waiting for found in tasks):
        return None
    begun = Run.objects.of(process.workspace).about(f"process:{process.pk}").filter(kind=TASK).under_way().first()
    if begun is not None:
        return begun
    return ranking_start(ranking=rank_tasks(process, tasks, RankBy.ROI))


def values_refresh() -> None:
    """Value everything again where all that is kept came from other versions of the formula: after an upgrade."""
    now = EstimateResult.objects.filter(formula_version=FORMULA_VERSION).values("workspace")
    other = EstimateResult.objects.exclude(formula_version=FORMULA_VERSION).values("workspace")
    for workspace in Workspace.objects.filter(pk__in=other).exclude(pk__in=now):
        values_start(access=Access.system(workspace))


def values_follow(*, access: Access) -> None:
    """What a change of the workspace's money and time entails here: every task is worth something else."""
    values_start(access=access)


def _submitted(workspace: Workspace, process: Process | None, by: str, title: str, wanted: str = "") -> Run:
    scope = f"process:{process.pk}" if process is not None else f"workspace:{workspace.pk}"
    key = ":".join(filter(None, (TASK, scope, by, wanted[:32])))
    params = {"workspace": workspace.pk, "process": process.pk if process is not None else None, "by": by}
    with transaction.atomic():
        earlier = Run.objects.of(workspace).filter(idempotency_key__startswith=f"{key}:#").order_by("-pk")
        last = earlier.first()
        if last is not None and (_has_not_begun(last) if not wanted else run_stands(last)):
            return last
        return run_submit(
            access=Access.system(workspace),
            kind=TASK,
            title=title[:200],
            stages=[StageSpec(name="value", task_name=TASK, params=params)],
            subject=scope,
            idempotency_key=f"{key}:#{earlier.count() + 1}",
        )


def _has_not_begun(run: Run) -> bool:
    """Whether all its stages are still to begin; held until the transaction ends, so that none begins before."""
    stages = list(Stage.objects.select_for_update().filter(run=run))
    return not run.is_over and all(stage.state_of in STAGE_NOT_BEGUN for stage in stages)


def run_stands(run: Run) -> bool:
    """Whether a job is under way, or failed and is to be tried again by an editor."""
    return not run.is_over or run.state_of is RunState.FAILED
