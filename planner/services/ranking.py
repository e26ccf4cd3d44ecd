"""Ranking as a service: what order the tasks of a process come in, and what each place is worth."""

from accounts.models import Workspace
from jobs.models import Run
from planner.domain.valuation.ranking import RankBy
from planner.models import Process
from planner.selectors.kept_page import About, Kept, is_kept
from planner.selectors.kept_ranking import ranking_asked, ranking_awaited, ranking_kept_read
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_ranking import (
    FIRST_K,
    RankedTask,
    Ranking,
    rank_tasks,
    ranking_of,
    ranking_order,
    ranking_read,
)
from planner.selectors.value_results import MOST_AT_ONCE
from planner.services.page_job import page_or_job
from planner.services.values import ranking_start

__all__ = ["RankedTask", "Ranking", "rank_tasks", "ranking_of", "ranking_or_job", "ranking_order"]


def ranking_or_job(
    *,
    workspace: Workspace,
    process: Process | None,
    by: RankBy = RankBy.ROI,
    k: int = FIRST_K,
    chances: bool = True,
) -> tuple[Ranking[RatedTask], Run | None]:
    """The ranking of a process, or of all, as far as it is there, and the job that works out what it waits for.

    Of many tasks it is what a job has kept. Without `chances` they may be left out.
    """
    about = About(workspace, process)
    if is_kept(about):
        kept, run = page_or_job(about=about, page=Kept.RANKING, asked=ranking_asked(by))
        return ranking_awaited(about, by, k) if kept is None else ranking_kept_read(kept, about, by, k), run
    if process is not None and not chances:
        found = ranking_order(process, by, most=MOST_AT_ONCE)
    else:
        found = ranking_read(workspace, process, by, k)
    return found, ranking_start(ranking=found) if found.waiting else None
