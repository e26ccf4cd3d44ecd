"""Checks the proposed targets of a task and picks the one a model should be built for."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np

from planner.domain.foresight.foresight import Screen, screen
from planner.domain.foresight.proposals import Proposal
from planner.domain.foresight.targets import Role
from planner.domain.foresight.task_view import TaskView
from planner.domain.suitability.verdicts import Verdict

MOST_SCREENED = 6


@dataclass(frozen=True)
class Weight:
    """What a task is looked at first for: `key` names it; cost in currency a year and visits a year where known."""

    key: int
    checked: bool
    yearly_cost: float | None
    volume: float | None


def screening_order(tasks: Iterable[Weight]) -> list[int]:
    """The keys of tasks in the order they are checked: those not checked yet, then the dearest, then the most visited.

    >>> screening_order([Weight(1, False, None, 5.0), Weight(2, False, 9.0, 1.0), Weight(3, True, 99.0, 1.0)])
    [2, 1, 3]
    """
    placed = sorted(tasks, key=lambda task: (task.checked, -(task.yearly_cost or 0.0), -(task.volume or 0.0)))
    return [task.key for task in placed]


@dataclass(frozen=True)
class Proposed:
    """A proposal and what its screen found, None where it was not screened."""

    proposal: Proposal
    screen: Screen | None


class OutOfTime(Exception):
    """The time for a check was up before all of a task had been looked at: nothing can be said of the task."""


def always() -> bool:
    """There is time for all of it."""
    return True


def proposals_screen(
    view: TaskView,
    proposals: list[Proposal],
    *,
    rng: np.random.Generator,
    automatic: bool = False,
    time_left: Callable[[], bool] = always,
) -> list[Proposed]:
    """Screen the eligible proposals, stopping within a role once one can be foreseen; the others stay unscreened.

    At most `MOST_SCREENED` are screened. `time_left` is asked before each; where it says no, OutOfTime, since a task
    half looked at might pass for one at which nothing can be foreseen.
    """
    found, settled, screened = [], set[Role](), 0
    for proposal in proposals:
        if not proposal.eligible or proposal.role in settled or screened == MOST_SCREENED:
            found.append(Proposed(proposal, None))
            continue
        if not time_left():
            raise OutOfTime
        screened += 1
        result = screen(view, proposal.target, rng=rng, automatic=automatic)
        if result.finding.verdict in (Verdict.PREDICT, Verdict.ALREADY_AUTOMATIC):
            settled.add(proposal.role)
        found.append(Proposed(proposal, result))
    return found


_SAYS_MOST = (
    Verdict.ALREADY_AUTOMATIC,
    Verdict.PREDICT,
    Verdict.WRITE_A_RULE,
    Verdict.TRIVIAL,
    Verdict.NOT_PREDICTABLE,
    Verdict.GATHER_DATA_FIRST,
)


def best_of(proposed: list[Proposed]) -> Proposed | None:
    """The target to build for, or, where none can be foreseen, the one that says most about the task.

    The first eligible one that can be foreseen in the order of proposal; else a rule before a
    trivial order before no foresight before too little data.
    """
    screened = [one for one in proposed if one.proposal.eligible and one.screen is not None]
    return min(screened, key=lambda one: _SAYS_MOST.index(_verdict(one)), default=None)


def _verdict(one: Proposed) -> Verdict:
    return one.screen.finding.verdict if one.screen is not None else Verdict.GATHER_DATA_FIRST
