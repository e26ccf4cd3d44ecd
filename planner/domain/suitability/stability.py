"""Whether the rate of an outcome stays what it was: shares by period, and how far the halves of the log differ."""

from dataclasses import dataclass
from math import erfc, sqrt

CHANCE = 0.05


@dataclass(frozen=True)
class RatePeriod:
    """Cases decided in one period, and how many of them had the outcome. `start` is its first day, YYYY-MM-DD."""

    start: str
    cases: int
    having: int

    @property
    def share(self) -> float:
        """The rate of the outcome, 0 to 1."""
        return self.having / self.cases


@dataclass(frozen=True)
class Stability:
    """The rate of an outcome over time.

    `unit` is day, week, month, quarter or year; `earlier` and `later` are the halves of the time the log spans.
    """

    outcome: str
    unit: str
    periods: tuple[RatePeriod, ...]
    earlier: RatePeriod
    later: RatePeriod

    @property
    def drift(self) -> float:
        """How much the rate moved from the earlier half to the later, as a share: −1 to 1."""
        return self.later.share - self.earlier.share

    @property
    def chance(self) -> float:
        """Probability of halves at least so far apart where the rate never moved: pooled two-proportion z-test.

        Two-sided, normal approximation (Agresti, *Categorical Data Analysis*, 3rd ed., sec. 3.1). 1 where all cases
        are alike.

        >>> halves = RatePeriod("2025-01-01", 400, 100), RatePeriod("2025-07-01", 400, 140)
        >>> round(Stability("yes", "month", (), *halves).chance, 4)
        0.002
        """
        cases = self.earlier.cases + self.later.cases
        rate = (self.earlier.having + self.later.having) / cases
        error = sqrt(rate * (1 - rate) * (1 / self.earlier.cases + 1 / self.later.cases))
        return erfc(abs(self.drift) / error / sqrt(2)) if error > 0 else 1.0

    @property
    def moved(self) -> bool:
        """Whether chance alone does not explain how far the halves differ."""
        return self.chance < CHANCE

    @property
    def low(self) -> float:
        """The smallest rate of a period."""
        return min(period.share for period in self.periods)

    @property
    def high(self) -> float:
        """The largest rate of a period."""
        return max(period.share for period in self.periods)
