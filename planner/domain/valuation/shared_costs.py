"""A cost that several tasks need: one labelled data set, one integration.

Entered once. Valued alone, each of its tasks bears it whole, since alone it would have to be paid whole; chosen
together, they pay it once (`portfolio.SharedCost`). It is spent at the start, whether production is reached or not, and
carries its risk in its own range: the risk factor of a task does not touch it, or it would differ from task to task.
"""

from dataclasses import dataclass

from planner.domain.valuation.distributions import Distribution

_PREFIX = "shared/"


@dataclass(frozen=True)
class SharedLine:
    """A one-off cost with the keys of its tasks. `amount` in currency, zero or more."""

    key: str
    label: str
    amount: Distribution
    tasks: frozenset[str]

    @property
    def name(self) -> str:
        """What it is called among the inputs of a case.

        >>> from planner.domain.valuation.distributions import Constant
        >>> SharedLine("labels", "One labelled data set", Constant(9000.0), frozenset("ab")).name
        'shared/labels'
        """
        return f"{_PREFIX}{self.key}"


def is_shared_cost(name: str) -> bool:
    """Whether an input's name is that of a shared cost."""
    return name.startswith(_PREFIX)
