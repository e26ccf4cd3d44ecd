"""Cases of one shape, which are valued together: the formulas run once, over arrays that have a row for each case.

Cases are alike where the same amounts are in use, the same of them plain numbers, and where setting, discount rate and
the names of shared costs are the same. An amount is then a column, of shape (cases, 1), or one row of draws a case.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from planner.domain.valuation.assumptions import Case
from planner.domain.valuation.slices import slices
from planner.domain.valuation.valuation import Value

RATE = "discount_rate"
PRODUCTION = "production"

TOGETHER = 16
"""Cases that are valued at once: few enough that their draws stay in the cache of a processor."""


@dataclass(frozen=True, eq=False)
class Alike:
    """Cases of one shape, at least one."""

    cases: tuple[Case, ...]

    @property
    def shape(self) -> Case:
        """A case that stands for all of them, its amounts apart."""
        return self.cases[0]

    @cached_property
    def means(self) -> Mapping[str, Value]:
        """The mean of every amount, a column each (of a single case a number)."""
        return self._columns([case.means for case in self.cases])

    @cached_property
    def medians(self) -> Mapping[str, Value]:
        """The median of every amount, a column each."""
        return self._columns([case.medians for case in self.cases])

    def only(self, rows: Sequence[int]) -> "Alike":
        """Some of the cases, in their order: this, where it is all of them."""
        return self if len(rows) == len(self.cases) else Alike(tuple(self.cases[row] for row in rows))

    def column(self, amounts: Sequence[float]) -> Value:
        """An amount of each case, as the formulas take it."""
        return np.array(amounts)[:, None] if len(self.cases) > 1 else amounts[0]

    def rows(self, amount: Value) -> list[float]:
        """The number of each case in what the formulas gave."""
        return amount[:, 0].tolist() if isinstance(amount, np.ndarray) else [float(amount)] * len(self.cases)

    def _columns(self, each: Sequence[Mapping[str, float]]) -> dict[str, Value]:
        if len(each) == 1:
            return dict(each[0])
        columns: dict[str, Value] = {name: np.array([[one[name]] for one in each]) for name in self.shape.amounts}
        if RATE in columns:
            columns[RATE] = each[0][RATE]
        return columns


def alike(cases: Iterable[Case], most: int = TOGETHER) -> Iterator[tuple[int, ...]]:
    """Places of cases that are alike, at most `most` at once; every place once.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant, Uniform
    >>> five, unsure = (Case.of(Setting(), {"margin": margin}) for margin in (Constant(5.0), Uniform(4.0, 6.0)))
    >>> list(alike([five, unsure, five, five], most=2))
    [(0, 2), (3,), (1,)]
    """
    groups: defaultdict[Hashable, list[int]] = defaultdict(list)
    for place, case in enumerate(cases):
        groups[_shape(case)].append(place)
    for places in groups.values():
        yield from (tuple(places[first : first + most]) for first in range(0, len(places), most))


def _shape(case: Case) -> Hashable:
    shared = tuple((line.name, line.label) for line in case.shared)
    return case.setting, tuple(case.amounts), case.plain, shared, case.amounts.get(RATE), _is_sure(case)


def _is_sure(case: Case) -> bool:
    """Whether production is reached in every draw, so that nothing is drawn for it."""
    if PRODUCTION not in case.amounts:
        return True
    if PRODUCTION in case.plain:
        return case.amounts[PRODUCTION].mean == 1.0
    return bool(np.all(slices(case.amounts[PRODUCTION]) == 1.0))
