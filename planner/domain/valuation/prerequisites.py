"""What tasks need of each other, looked at by itself."""

from collections.abc import Hashable, Iterable, Mapping
from typing import TypeVar

Key = TypeVar("Key", bound=Hashable)


def circle_of(needs: Mapping[Key, Iterable[Key]]) -> tuple[Key, ...]:
    """A circle of prerequisites, each needing the next and the last the first; empty where there is none.

    A task that needs itself is a circle of one.

    >>> circle_of({"a": ["b"], "b": ["c", "d"], "d": ["b"]})
    ('b', 'd')
    >>> circle_of({"a": ["b", "c"], "b": ["c"]})
    ()
    """
    done: set[Key] = set()
    for start in needs:
        way: list[Key] = []
        ahead: list[tuple[Key, bool]] = [(start, False)]
        while ahead:
            key, left = ahead.pop()
            if left:
                done.add(way.pop())
            elif key in way:
                return tuple(way[way.index(key) :])
            elif key not in done:
                way.append(key)
                ahead.append((key, True))
                ahead += [(needed, False) for needed in needs.get(key, ())]
    return ()
