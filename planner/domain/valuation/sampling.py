"""Common random numbers: in which order the slices of an input are met, for every task of every workspace.

One random order an input is made once, from a generator that is handed in. A task meets the slices of its own inputs
in that order turned, stretched and mixed by four numbers which follow from the identity of the task and the input, so
that the draws of two inputs have nothing to do with each other, also where their names are alike; the inputs of the
workspace (the wage) and costs shared by tasks are drawn once: what they turn out to be in a draw, they are for all
tasks. Changing one input leaves the draws of all others.
"""

import hashlib
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from planner.domain.valuation.assumptions import INPUTS, SHARED
from planner.domain.valuation.shared_costs import is_shared_cost
from planner.domain.valuation.slices import DRAWS

Order = NDArray[np.int64]
"""In which order the slices of an input are drawn: a permutation of 0 … draws − 1."""

REACHED = "reached"
"""The number that decides whether a draw reaches production."""


_MIXED = "mixed"


class CommonNumbers:
    """One Latin hypercube for all tasks: `draws` (a power of two) slices an input, in random order.

    >>> common = CommonNumbers(np.random.default_rng(1), draws=8)
    >>> orders = common.of("Triage")
    >>> sorted(orders("volume").tolist()), bool((orders("wage") == common.of("Pay")("wage")).all())
    ([0, 1, 2, 3, 4, 5, 6, 7], True)
    """

    def __init__(self, rng: np.random.Generator, draws: int = DRAWS) -> None:
        if draws < 2 or draws & (draws - 1):
            raise ValueError(f"{draws} draws are no power of two: take {DRAWS}.")
        self.draws = draws
        keys = (*INPUTS, REACHED, "", _MIXED)
        self._bases = np.array([rng.permutation(draws) for _ in keys])
        self._row = {key: row for row, key in enumerate(keys)}
        self._mixed = self.base(_MIXED).astype(np.uint32)
        self._places = np.arange(draws, dtype=np.uint32)

    def of(self, identity: str) -> "Orders":
        """The orders of one task. `identity` tells it from every other task, whatever they are called."""
        return Orders(self, identity)

    def base(self, key: str) -> Order:
        """The order of an input that is the same for all tasks."""
        found: Order = self._bases[self._row[key]]
        return found

    def turned(self, named: Sequence[tuple[str, str]]) -> list[Order]:
        """For each (key, name) the base order of the key, read from another start and in steps of another odd length,
        of places that are mixed in the same way before: every slice still once. The name says where it starts. Turned
        once alone, two of a thousand tasks would often meet alike. Of the products only the last bits count.
        """
        last = np.uint32(self.draws - 1)
        digests = (hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()[:16] for _, name in named)
        numbers = np.frombuffer(b"".join(digests), ">u4").astype(np.uint32).reshape(-1, 4, 1)
        start, step, second_start, second_step = numbers.swapaxes(0, 1)
        mixed = self._mixed.take((self._places * (step | 1) + start) & last)
        found = (mixed * (second_step | 1) + second_start) & last
        first = np.array([[self._row[key] * self.draws] for key, _ in named])
        return list(self._bases.take(found + first))


class Orders:
    """The order in which the slices of each input of one task are drawn, by the input's name."""

    def __init__(self, common: CommonNumbers, identity: str) -> None:
        self._common, self._identity = common, identity

    @property
    def draws(self) -> int:
        return self._common.draws

    def __call__(self, key: str) -> Order:
        return self.of((key,))[0]

    def of(self, keys: Sequence[str]) -> list[Order]:
        """The orders of many inputs."""
        own = [self._named(key) for key in keys if key not in SHARED]
        turned = iter(self._common.turned(own)) if own else iter(())
        return [self._common.base(key) if key in SHARED else next(turned) for key in keys]

    def _named(self, key: str) -> tuple[str, str]:
        return ("", key) if is_shared_cost(key) else (key, f"{self._identity}/{key}")
