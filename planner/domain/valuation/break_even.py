"""Break-even: what one input would have to be for the task to be worth nothing, neither gain nor loss.

The mean net present value is set to zero, the other inputs staying as uncertain as they are (which for a straight line
is the same as all of them at their means, the chance of production included). For the discount rate this is the
internal rate of return of the mean cash flow.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from planner.domain.valuation.alike import RATE
from planner.domain.valuation.assumptions import INPUTS, Case
from planner.domain.valuation.cashflow import internal_rates
from planner.domain.valuation.closed_form import StraightLine, expected, straight_lines
from planner.domain.valuation.valuation import Valuation


class Found(StrEnum):
    """What the search for a break-even came to."""

    ONE = "found"
    NONE = "no value makes it worth nothing"
    OUTSIDE = "outside what it can be"
    SEVERAL = "several, none of them means anything"


@dataclass(frozen=True)
class BreakEven:
    """The values of one input at which the mean net present value is zero, in the unit of the input.

    `found` says how to read them: with NONE there are no values, with OUTSIDE one that the input cannot take.
    """

    key: str
    label: str
    found: Found
    values: tuple[float, ...]

    @property
    def only(self) -> float | None:
        """The break-even, where there is exactly one that can be."""
        return self.values[0] if self.found is Found.ONE else None


def break_evens(
    case: Case, lines: Mapping[str, StraightLine] | None = None, exact: Valuation | None = None
) -> tuple[BreakEven, ...]:
    """The break-even of every amount of a case, in the order of the page. `lines` and `exact` (the straight lines and
    the means) are those of the case, if they are at hand.

    >>> from planner.domain.valuation.assumptions import Setting
    >>> from planner.domain.valuation.distributions import Constant, Uniform
    >>> case = Case.of(Setting(1), {"labels": Uniform(50, 150), "label_cost": Constant(3.0), "margin": Constant(400.0)})
    >>> [(each.key, each.only) for each in break_evens(case)]
    [('margin', 300.0), ('labels', 133.33333333333334), ('label_cost', 4.0)]
    """
    known = straight_lines(case) if lines is None else lines
    whole = expected(case) if exact is None else exact
    return tuple(
        _at_the_rate(case, whole) if name == RATE else _on_the_line(case, name, known[name]) for name in case.amounts
    )


def _on_the_line(case: Case, name: str, line: StraightLine) -> BreakEven:
    root = line.root
    return _judged(case, name, () if root is None else (root,))


def _at_the_rate(case: Case, whole: Valuation) -> BreakEven:
    flows = [float(flow) for flow in whole.flows()]
    return _judged(case, RATE, internal_rates(flows).rates)


def _judged(case: Case, name: str, values: tuple[float, ...]) -> BreakEven:
    if len(values) != 1:
        return BreakEven(name, case.label(name), Found.SEVERAL if values else Found.NONE, values)
    lower, upper = (INPUTS[name].lower, INPUTS[name].upper) if name in INPUTS else (0.0, None)
    beyond = (lower is not None and values[0] < lower) or (upper is not None and values[0] > upper)
    return BreakEven(name, case.label(name), Found.OUTSIDE if beyond else Found.ONE, values)
