"""Checks the proposed targets of a task and picks the one a model should be built for."""

from dataclasses import dataclass

import numpy as np

from planner.domain.foresight import Screen, screen
from planner.domain.proposals import Proposal, Role
from planner.domain.task_view import TaskView
from planner.domain.verdicts import Verdict


@dataclass(frozen=True)
class Proposed:
    """A proposal and what its screen found, None where it was not screened."""

    proposal: Proposal
    screen: Screen | None


def proposals_screen(
    view: TaskView, proposals: list[Proposal], *, rng: np.random.Generator, automatic: bool = False
) -> list[Proposed]:
    """Screen the eligible proposals, stopping within a role once one can be foreseen; the others stay unscreened."""
    found, settled = [], set[Role]()
    for proposal in proposals:
        if not proposal.eligible or proposal.role in settled:
            found.append(Proposed(proposal, None))
            continue
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
