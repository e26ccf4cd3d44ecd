"""The ranking of a process of many tasks as plain values, and the ranking from them: a job makes it."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from planner.domain.valuation.ranking import RankBy
from planner.selectors.kept_page import About
from planner.selectors.ranking_kept import chances_plain
from planner.selectors.rated_task import KeptTask, rated_plain, rated_read
from planner.selectors.value_ranking import Ranking, chances_of, placed
from planner.selectors.value_tasks import ValuedTask

Plain = dict[str, Any]


def ranking_asked(by: RankBy) -> Plain:
    """What is asked, as a job takes it: how many are the first is not part of it."""
    return {"by": by.value}


def ranking_kept_plain(tasks: Sequence[ValuedTask], asked: Mapping[str, Any]) -> Plain:
    """Every task of the ranking with its chances of each place."""
    candidates = [found for found in tasks if found.is_candidate]
    return {
        "tasks": [rated_plain(found) for found in tasks],
        "chances": chances_plain(chances_of(candidates, RankBy(asked["by"])), candidates),
    }


def ranking_kept_read(plain: Mapping[str, Any], about: About, by: RankBy, k: int) -> Ranking[KeptTask]:
    """The ranking, with the chance of each task to be among the first `k`."""
    processes = {process.pk: process for process in about.processes}
    tasks = [rated_read(each, about.workspace, processes[each["process"]]) for each in plain["tasks"]]
    candidates = [found for found in tasks if found.is_candidate]
    kept = plain["chances"]
    places = np.zeros((max(1, kept["counted"]), len(candidates)))
    for at, found in enumerate(candidates):
        chances = kept["places"].get(str(found.pk), ())
        places[: len(chances), at] = chances
    return placed(about.workspace, about.process, tasks, by, k, places=places)


def ranking_awaited(about: About, by: RankBy, k: int) -> Ranking[KeptTask]:
    """What is there of it while its job is under way: nothing but that."""
    return Ranking(about.workspace, about.process, by, (), (), (), k, (), "values")
