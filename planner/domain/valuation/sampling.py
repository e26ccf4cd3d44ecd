"""Common random numbers: in which order the slices of an input are met, for every task of every workspace.

One random order an input is made once, from a generator that is handed in. A task meets the slices of its own inputs
in that order turned, stretched and mixed by four numbers which follow from the identity of the task and the input, so
that the draws of two inputs have nothing to do with each other, also where their names are alike; the inputs of the
workspace (the wage) and costs shared by tasks are drawn once: what they turn out to be in a draw, they are for all
tasks. Changing one input leaves the draws of all others.
"""

import hashlib
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from planner.domain.valuation.assumptions import INPUTS, SHARED
from planner.domain.valuation.shared_costs import is_shared_cost
from planner.domain.valuation.slices import DRAWS

Order = NDArray[np.int64]
Orders = Callable[[str], Order]
"""The order in which the slices of an input are drawn, by the input's name: a permutation of 0 … draws − 1."""

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
        self._places = np.arange(draws, dtype=np.int64)
        self._base: dict[str, Order] = {key: rng.permutation(draws) for key in (*INPUTS, REACHED, "", _MIXED)}

    def of(self, identity: str) -> Orders:
        """The orders of one task. `identity` tells it from every other task, whatever they are called."""

        def order(key: str) -> Order:
            if key in SHARED:
                return self._base[key]
            if is_shared_cost(key):
                return self._turned("", key)
            return self._turned(key, f"{identity}/{key}")

        return order

    def _turned(self, key: str, name: str) -> Order:
        """The base order, read from another start and in steps of another odd length, of places that are mixed in the
        same way before: every slice still once. Turned once alone, two of a thousand tasks would often meet alike.
        """
        digest = hashlib.sha256(name.encode("utf-8", "surrogatepass")).digest()
        mixed = self._base[_MIXED].take(self._moved(self._places, digest[:8]))
        return self._base[key].take(self._moved(mixed, digest[8:16]))

    def _moved(self, places: Order, eight: bytes) -> Order:
        last = self.draws - 1
        start, step = int.from_bytes(eight[:4], "big"), int.from_bytes(eight[4:], "big") | 1
        return (places * (step & last) + (start & last)) & last
