"""The ranked list of a process's tasks, each with its value, its interval and the chance that it is first."""

from dataclasses import dataclass

from planner.domain.valuation.ranking import Figures, RankBy, chance_of_places, disagreements, order
from planner.models import Process
from planner.selectors.value_outcome import drawn_scores
from planner.selectors.value_tasks import ValuedTask, valued_tasks

FIRST_K = 3


@dataclass(frozen=True, eq=False)
class RankedTask:
    """One place in a ranking. `first` and `first_k` are chances between 0 and 1, by the order shown."""

    rank: int
    valued: ValuedTask
    figures: Figures
    first: float
    first_k: float


@dataclass(frozen=True, eq=False)
class Ranking:
    """Ranked tasks, best first; tasks set aside by their verdict; tasks that cannot be valued yet."""

    process: Process
    by: RankBy
    rows: tuple[RankedTask, ...]
    aside: tuple[ValuedTask, ...]
    gaps: tuple[ValuedTask, ...]
    k: int
    disagreeing: tuple[tuple[RankedTask, RankedTask], ...]
    """Neighbours by ROI of which the later one brings more money."""

    @property
    def on_defaults(self) -> int:
        """How many ranked tasks rest on at least one assumption nobody has set."""
        return sum(row.valued.resting_on_defaults > 0 for row in self.rows)


def ranking_of(process: Process, by: RankBy | str = RankBy.ROI, k: int = FIRST_K) -> Ranking:
    """Value and rank every task of a process. `by` is one of RankBy; ValueError names another."""
    return rank_tasks(process, valued_tasks(process), RankBy(by), k)


def rank_tasks(process: Process, tasks: list[ValuedTask], by: RankBy, k: int = FIRST_K) -> Ranking:
    """Rank tasks that are valued already."""
    candidates = [found for found in tasks if found.is_candidate]
    figures = [found.outcome.figures for found in candidates if found.outcome]
    scores = [drawn_scores(found.case, found.identity, by) for found in candidates if found.case]
    places = chance_of_places(scores, k)
    rows = tuple(
        RankedTask(rank, candidates[at], figures[at], float(places[0, at]), float(places[:, at].sum()))
        for rank, at in enumerate(order(figures, by), start=1)
    )
    by_place = {id(row.figures): row for row in rows}
    pairs = disagreements(figures)
    return Ranking(
        process,
        by,
        rows,
        aside=tuple(found for found in tasks if not found.is_candidate and found.finding),
        gaps=tuple(found for found in tasks if not found.is_candidate and not found.finding),
        k=min(k, len(rows)),
        disagreeing=tuple((by_place[id(figures[a])], by_place[id(figures[b])]) for a, b in pairs),
    )
