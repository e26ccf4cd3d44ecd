"""The ranked list of tasks, of one process or of a whole workspace: value, interval, chance of being first."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Generic, TypeVar

import numpy as np

from accounts.models import Workspace
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.ranking import Figures, RankBy, chance_of_places, disagreements, order
from planner.models import Process
from planner.selectors.ranking_kept import chances_kept, ranking_fingerprint
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_outcome import scores_known, scores_together
from planner.selectors.value_results import MOST_AT_ONCE
from planner.selectors.value_tasks import ValuedTask, valued_of, valued_tasks

FIRST_K = 3
MOST_PLACES = 50
"""The largest k of the chance to be among the first k."""


Rated_co = TypeVar("Rated_co", bound=RatedTask, covariant=True)
"""What is ranked: tasks worked out now, or as a job kept them."""
Each = TypeVar("Each", bound=RatedTask)


@dataclass(frozen=True, eq=False)
class RankedTask(Generic[Rated_co]):
    """One place in a ranking. `first` and `first_k` are chances between 0 and 1, by the order shown; None while they
    are being computed."""

    rank: int
    valued: Rated_co
    figures: Figures
    first: float | None
    first_k: float | None


@dataclass(frozen=True, eq=False)
class Ranking(Generic[Rated_co]):
    """Ranked tasks, best first; tasks set aside by their verdict; tasks that cannot be valued yet.

    Without a process it is of all processes of the workspace. `waiting` names what a job has to compute first:
    "values" (then nothing is ranked), "chances", or nothing.
    """

    workspace: Workspace
    process: Process | None
    by: RankBy
    rows: tuple[RankedTask[Rated_co], ...]
    aside: tuple[Rated_co, ...]
    gaps: tuple[Rated_co, ...]
    k: int
    disagreeing: tuple[tuple[RankedTask[Rated_co], RankedTask[Rated_co]], ...]
    """Neighbours by ROI of which the later one brings more money."""
    waiting: str = ""
    fingerprint: str = ""

    @property
    def on_defaults(self) -> int:
        """How many ranked tasks rest on at least one assumption nobody has set."""
        return sum(row.valued.resting_on_defaults > 0 for row in self.rows)


def ranking_of(process: Process, by: RankBy | str = RankBy.ROI, k: int = FIRST_K) -> Ranking[ValuedTask]:
    """Value and rank every task of a process, however long it takes. ValueError names a `by` that is none."""
    return rank_tasks(process, valued_tasks(process, most=None), RankBy(by), k)


def ranking_order(process: Process, by: RankBy | str = RankBy.ROI, *, most: int | None = None) -> Ranking[ValuedTask]:
    """The order alone, without the chances, which are most of the work. More than `most` unknown values are waited
    for (None: none). ValueError names a `by` that is none."""
    tasks = valued_tasks(process, most=most)
    return ranked(process.workspace, process, tasks, RankBy(by), FIRST_K, chances=False)


def rank_tasks(process: Process, tasks: Sequence[ValuedTask], by: RankBy, k: int = FIRST_K) -> Ranking[ValuedTask]:
    """Rank tasks that are valued already."""
    return ranked(process.workspace, process, tasks, by, k)


def ranking_read(workspace: Workspace, process: Process | None, by: RankBy, k: int = FIRST_K) -> Ranking[ValuedTask]:
    """The ranking of a process, or of all, as far as it is known or computed at once: see `Ranking.waiting`."""
    processes = [process] if process is not None else list(Process.objects.of(workspace).order_by("pk"))
    tasks = valued_of(workspace, processes)
    return ranked(workspace, process, tasks, by, k, most=MOST_AT_ONCE)


def ranked(
    workspace: Workspace,
    process: Process | None,
    tasks: Sequence[ValuedTask],
    by: RankBy,
    k: int,
    *,
    most: int | None = None,
    chances: bool = True,
) -> Ranking[ValuedTask]:
    """Rank tasks of a process or of the workspace. More than `most` of unknown chances are waited for (None: none);
    without `chances` none are told."""
    if any(found.waiting for found in tasks):
        return Ranking(workspace, process, by, (), (), (), k, (), "values", ranking_fingerprint(by, tasks))
    candidates = [found for found in tasks if found.is_candidate]
    places = _chances(workspace, process, candidates, by, most) if chances else None
    waiting = "chances" if candidates and chances and places is None else ""
    found = placed(workspace, process, tasks, by, k, places=places)
    return replace(found, waiting=waiting, fingerprint=ranking_fingerprint(by, candidates))


def placed(
    workspace: Workspace,
    process: Process | None,
    tasks: Sequence[Each],
    by: RankBy,
    k: int,
    *,
    places: Array | None,
) -> Ranking[Each]:
    """Tasks that are all valued, in their order; `places` holds the chance of each candidate to stand at each place,
    shape (places, candidates), None where it is not known."""
    candidates = [found for found in tasks if found.is_candidate]
    figures = [found.brief.figures for found in candidates if found.brief]
    rows = tuple(
        RankedTask(rank, candidates[at], figures[at], *_of_places(places, at, k))
        for rank, at in enumerate(order(figures, by), start=1)
    )
    by_place = {id(row.figures): row for row in rows}
    return Ranking(
        *(workspace, process, by, rows),
        aside=tuple(found for found in tasks if not found.is_candidate and found.finding),
        gaps=tuple(found for found in tasks if not found.is_candidate and not found.finding),
        k=min(k, len(rows)),
        disagreeing=tuple((by_place[id(figures[a])], by_place[id(figures[b])]) for a, b in disagreements(figures)),
    )


def _chances(
    workspace: Workspace, process: Process | None, candidates: Sequence[ValuedTask], by: RankBy, most: int | None
) -> Array | None:
    """Chance of each place, shape (places, candidates); None where it is not known and takes long."""
    cold = sum(not scores_known(found.fingerprint, by) for found in candidates)
    if most is not None and cold > most:
        return chances_kept(workspace, process, by, candidates)
    return chances_of(candidates, by)


def chances_of(candidates: Sequence[ValuedTask], by: RankBy) -> Array:
    """The chance of each task to stand at each place, shape (places, candidates)."""
    wanted = [(found.case, found.identity) for found in candidates if found.case is not None]
    return chance_of_places(scores_together(wanted, by), MOST_PLACES)


def _of_places(chances: Array | None, at: int, k: int) -> tuple[float | None, float | None]:
    if chances is None:
        return None, None
    return float(chances[0, at]), min(1.0, float(np.sum(chances[:k, at])))
