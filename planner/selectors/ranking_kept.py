"""Chances of places that a job has computed, read in place of drawing every task again."""

import hashlib
from collections.abc import Sequence

import numpy as np

from accounts.models import Workspace
from planner.domain.valuation.distributions import Array
from planner.domain.valuation.ranking import RankBy
from planner.models import Process, StoredRanking
from planner.selectors.rated_task import RatedTask
from planner.selectors.value_tasks import ValuedTask


def ranking_fingerprint(by: RankBy, tasks: Sequence[ValuedTask]) -> str:
    """Of everything the chances of places rest on: the order, and the tasks with their values."""
    whole = repr((by.value, sorted((found.task.pk, found.fingerprint) for found in tasks)))
    return hashlib.sha256(whole.encode()).hexdigest()


def chances_kept(
    workspace: Workspace, process: Process | None, by: RankBy, tasks: Sequence[ValuedTask]
) -> Array | None:
    """Chance of each place, shape (places, tasks), None where no job has computed just these."""
    found = StoredRanking.objects.of(workspace).filter(process=process, fingerprint=ranking_fingerprint(by, tasks))
    kept = found.first()
    if kept is None:
        return None
    places: dict[str, list[float]] = kept.content["places"]
    chance = np.zeros((kept.content["counted"], len(tasks)))
    for at, task in enumerate(tasks):
        chances = places.get(str(task.task.pk), [])
        chance[: len(chances), at] = chances
    return chance


def chances_plain(chances: Array, tasks: Sequence[RatedTask]) -> dict[str, object]:
    """Chances of places as JSON: by task, without the places it never takes at the end."""
    places = {str(task.task.pk): np.trim_zeros(chances[:, at], "b").tolist() for at, task in enumerate(tasks)}
    return {"counted": len(chances), "places": places}
