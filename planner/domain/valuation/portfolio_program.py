"""The integer program of a portfolio, solved exactly (branch and bound of HiGHS, gap zero).

Maximise Σ NPV of the chosen − the shared costs they need, subject to budget, person-days, prerequisites, exclusions,
and what must or must not be in it: a knapsack with setups (Kellerer, Pferschy, Pisinger, *Knapsack Problems*, 2004).

A solver of floating numbers keeps to a limit only up to a tolerance, which in large amounts may be whole units of
money. Each answer is therefore added up again; one that does not keep to the limits is forbidden, and asked again.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import scipy  # its parts are loaded when first used: the optimiser takes a second

from planner.domain.valuation.distributions import Array
from planner.domain.valuation.portfolio import Bounds, Candidate, OutOfTime, Portfolio, SharedCost

if TYPE_CHECKING:
    import scipy.optimize
    import scipy.sparse

_ENOUGH = 0.5
"""A choice is zero or one up to the solver's tolerance."""
_STOPPED = 1
"""The solver's word for an end by the clock."""
_ROUNDING = 1e-9
"""Relative: what adding amounts up in another order may come to."""

Row = tuple[Mapping[int, float], float]
"""Coefficients by column, and what their sum may at most be."""


class Program:
    """One column a task, then one a shared cost; the limits but for the budget, which each question names itself.

    No question is thought about for longer than `seconds` (None: however long it takes): OutOfTime then, since an
    answer that is not proven would be wrong.
    """

    def __init__(
        self,
        candidates: Sequence[Candidate],
        bounds: Bounds,
        shared: Sequence[SharedCost],
        seconds: float | None = None,
    ) -> None:
        self._seconds = seconds
        self._candidates, self._bounds, self._shared = candidates, bounds, shared
        self._column = {candidate.key: at for at, candidate in enumerate(candidates)}
        amounts = [cost.amount for cost in shared]
        self._worth = np.array([*(one.npv for one in candidates), *(-amount for amount in amounts)])
        self._once = np.array([*(one.once for one in candidates), *amounts])
        self._days = np.array([*(one.person_days for one in candidates), *(0.0 for _ in shared)])

    def best(self, budget: float | None = None) -> Portfolio | None:
        """The choice worth most within a budget (None: any); None where nothing satisfies the limits."""
        return self._solved(-self._worth, budget=budget)

    def best_found(self, budget: float | None = None) -> Portfolio | None:
        """As `best`, but where time is over the best there is, with what it may fall short of the best there could be.

        OutOfTime where nothing was found either.
        """
        return self._solved(-self._worth, budget=budget, proven=False)

    def cheapest(self, worth: float | None = None) -> Portfolio | None:
        """The choice of least one-off cost, of those worth so much (None: of all)."""
        return self._solved(self._once, worth=worth)

    def quickest(self, budget: float | None = None) -> Portfolio | None:
        """The choice of the fewest person-days, however many there may be, within a budget."""
        return self._solved(self._days, budget=budget, days_too=False)

    def is_possible(self, budget: float | None = None) -> bool:
        """Whether anything satisfies the limits."""
        return self._solved(np.zeros(len(self._worth)), budget=budget) is not None

    def _solved(
        self,
        least: Array,
        *,
        budget: float | None = None,
        worth: float | None = None,
        days_too: bool = True,
        proven: bool = True,
    ) -> Portfolio | None:
        """The choice with the least of something."""
        if not self._candidates:
            return Portfolio((), 0.0, 0.0, 0.0, ()) if worth is None or worth <= 0 else None
        if self._bounds.must & self._bounds.must_not:
            return None  # the solver takes it for a mistake
        days = self._bounds.person_days if days_too else None
        rows = [*self._structure]
        for amounts, most in ((self._once, budget), (self._days, days), (-self._worth, worth and -worth)):
            if most is not None:
                rows.append((dict(enumerate(amounts)), _open(most)))
        while (answer := self._answer(least, rows, proven)) is not None:
            found = self._portfolio(*answer)
            if _within(found.once, budget) and _within(found.person_days, days) and _within(worth, found.npv):
                return found
            rows.append(self._other_than(found))
        return None

    def _answer(self, least: Array, rows: Sequence[Row], proven: bool) -> tuple[Array, float] | None:
        """The columns, and how far what is asked for might still sink; None where nothing is possible."""
        answer = scipy.optimize.milp(
            least,
            integrality=np.ones(len(least), dtype=np.int64),
            bounds=self._choices,
            constraints=_constraints(rows, len(least)),
            options={"mip_rel_gap": 0.0, "time_limit": np.inf if self._seconds is None else self._seconds},
        )
        stopped = answer.status == _STOPPED
        if stopped and (proven or answer.x is None):
            raise OutOfTime("The search was stopped before there was an answer.")
        if answer.x is None:
            return None
        # Stopped at once, the solver has no bound of its own: everything that is worth something, and nothing else.
        bound = max(float(least[least < 0].sum()), float(np.nan_to_num(answer.mip_dual_bound or 0.0, nan=-np.inf)))
        return np.asarray(answer.x), max(0.0, float(answer.fun) - bound) if stopped else 0.0

    @cached_property
    def _choices(self) -> "scipy.optimize.Bounds":
        low, high = np.zeros(len(self._worth)), np.ones(len(self._worth))
        low[[self._column[key] for key in self._bounds.must]] = 1.0
        high[[self._column[key] for key in self._bounds.must_not]] = 0.0
        return scipy.optimize.Bounds(low, high)

    @cached_property
    def _structure(self) -> list[Row]:
        rows: list[Row] = [({self._column[key]: 1.0 for key in group}, 1.0) for group in self._bounds.exclusions]
        for at, candidate in enumerate(self._candidates):
            rows += [({at: 1.0, self._column[key]: -1.0}, 0.0) for key in candidate.needs if key != candidate.key]
        for place, cost in enumerate(self._shared, start=len(self._candidates)):
            rows += [({self._column[key]: 1.0, place: -1.0}, 0.0) for key in cost.tasks]
        return rows

    def _other_than(self, found: Portfolio) -> Row:
        """Forbids one set of tasks."""
        taken = {self._column[key] for key in found.chosen}
        signs = {at: 1.0 if at in taken else -1.0 for at in range(len(self._candidates))}
        return signs, len(taken) - 1.0

    def _portfolio(self, answer: Array, short: float) -> Portfolio:
        taken = [at for at in range(len(self._candidates)) if answer[at] > _ENOUGH]
        keys = {self._candidates[at].key for at in taken}
        paid = [at for at, cost in enumerate(self._shared, len(self._candidates)) if cost.tasks & keys]
        return Portfolio(
            tuple(self._candidates[at].key for at in taken),
            npv=float(self._worth[taken + paid].sum()),
            once=float(self._once[taken + paid].sum()),
            person_days=float(self._days[taken].sum()),
            shared=tuple(self._shared[at - len(self._candidates)].key for at in paid),
            short=short,
        )


def _constraints(rows: Sequence[Row], columns: int) -> "Sequence[scipy.optimize.LinearConstraint]":
    if not rows:
        return ()
    places = [(row, column, value) for row, (line, _) in enumerate(rows) for column, value in line.items()]
    row, column, value = zip(*places, strict=True)
    matrix = scipy.sparse.csr_matrix((value, (row, column)), shape=(len(rows), columns))
    return (scipy.optimize.LinearConstraint(matrix, -np.inf, np.array([limit for _, limit in rows])),)


def _open(limit: float) -> float:
    return limit + _ROUNDING * max(1.0, abs(limit))


def _within(amount: float | None, limit: float | None) -> bool:
    return amount is None or limit is None or amount <= _open(limit)
