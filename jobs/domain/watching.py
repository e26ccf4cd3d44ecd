"""Who has gone silent, judged by counters and a monotonic clock that the caller reads: clock jumps change nothing."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

KeyT = TypeVar("KeyT", bound=Hashable)


@dataclass
class StillnessWatch(Generic[KeyT]):
    """Tells which counters have stood still for longer than they may.

    Only time that was watched counts: however long the watcher itself was stopped, one look adds at most
    `longest_step_s`, so a watcher that wakes up blames nobody for its own sleep.
    """

    longest_step_s: float
    _last_look: float | None = None
    _seen: dict[KeyT, tuple[int, float]] = field(default_factory=dict)

    def look(self, now: float, counters: Mapping[KeyT, int], allowed_s: Callable[[int], float]) -> list[KeyT]:
        """The keys whose counter has stood still for `allowed_s(counter)` seconds, in the order given.

        `now` is a monotonic time in seconds. Keys no longer given are forgotten. A key reported starts afresh.
        """
        step = 0.0 if self._last_look is None else min(max(now - self._last_look, 0.0), self.longest_step_s)
        self._last_look = now
        self._seen = {key: self._aged(key, counter, step) for key, counter in counters.items()}
        still = [key for key, (counter, age) in self._seen.items() if age >= allowed_s(counter)]
        for key in still:
            self._seen[key] = (self._seen[key][0], 0.0)
        return still

    def _aged(self, key: KeyT, counter: int, step: float) -> tuple[int, float]:
        before = self._seen.get(key)
        return (counter, before[1] + step) if before is not None and before[0] == counter else (counter, 0.0)
