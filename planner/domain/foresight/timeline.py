"""What had come before a moment: counts and sums by group, in the order of time, without a loop over rows."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from planner.domain.foresight.arranged_log import Ints

Floats = np.ndarray[tuple[int], np.dtype[np.float64]]


@dataclass(frozen=True)
class Timeline:
    """Entries sorted by group, then time, then as they were given: `order` are their places, `times` the different
    times. A group is a number from 0 on; what lies at the asked time itself is not before it.

    >>> line = timeline_of(np.array([0, 1, 0]), np.array([5, 6, 9]))
    >>> (line.before(np.array([0, 0, 1]), np.array([9, 10, 6])) - line.begin(np.array([0, 0, 1]))).tolist()
    [1, 2, 0]
    """

    order: Ints
    keys: Ints
    times: Ints

    def begin(self, group: Ints) -> Ints:
        """Where the entries of each group begin in `order`."""
        return np.searchsorted(self.keys, group * (len(self.times) + 1)).astype(np.int64)

    def before(self, group: Ints, time: Ints) -> Ints:
        """Where in `order` the entries of each group that came before the time end."""
        asked = group * (len(self.times) + 1) + np.searchsorted(self.times, time)
        return np.searchsorted(self.keys, asked).astype(np.int64)

    def total(self, values: Floats, group: Ints, time: Ints) -> Floats:
        """The sum of the values of each group's entries before the time.

        Every group is summed by itself, one entry after the other: what comes later changes no bit of it.
        """
        keys = self.keys // (len(self.times) + 1)
        running = pd.Series(values[self.order]).groupby(keys).cumsum().to_numpy(np.float64)
        end, begin = self.before(group, time), self.begin(group)
        return np.where(end > begin, running[np.maximum(end - 1, 0)] if len(running) else 0.0, 0.0)

    def mean_of_last(self, values: Ints, group: Ints, time: Ints, *, last: int) -> Floats:
        """The mean of the whole-numbered values of at most `last` entries of a group before the time, NaN of none."""
        running = np.append(0, np.cumsum(values[self.order]))
        end = self.before(group, time)
        begin = np.maximum(self.begin(group), end - last)
        count = end - begin
        return np.where(count > 0, (running[end] - running[begin]) / np.maximum(count, 1), np.nan)


def timeline_of(group: Ints, time: Ints) -> Timeline:
    """The timeline of entries with a group and a time each."""
    times = np.unique(time)
    keys = group * (len(times) + 1) + np.searchsorted(times, time)
    order = np.argsort(keys, kind="stable")
    return Timeline(order.astype(np.int64), keys[order].astype(np.int64), times)
