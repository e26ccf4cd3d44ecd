"""Which combinations of options tests render, and what data they take for each problem."""

from functools import cache

from pipelines.domain.architecture import Architecture, Problem, covering_set, valid_combinations
from planner.domain.foresight import targets
from tests.pipelines.projects import small_table
from tests.pipelines.tables import MadeTable

Combination = tuple[Problem, Architecture]


@cache
def table_for(problem: Problem) -> MadeTable:
    """A made-up table of that problem."""
    return small_table(targets.Problem(str(problem)))


def covered() -> list[Combination]:
    """Every pair of options that fit, at least once."""
    return covering_set(every())


def every() -> list[Combination]:
    return list(valid_combinations())
