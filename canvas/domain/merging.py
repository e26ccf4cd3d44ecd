"""Three-way merge of a canvas: what one person typed on the base they saw, and what stands there now.

Fields are merged whole. A field only one of them touched takes that one's text; a field both touched differently is a
clash, which keeps both texts for the second to choose from. Nothing is ever dropped, or mixed within a field: half of
one sentence in another says what nobody meant.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

V = TypeVar("V")


@dataclass(frozen=True)
class Clash:
    """One field that was changed in two ways since `base`."""

    base: Any
    mine: Any
    theirs: Any


@dataclass(frozen=True)
class Merged:
    """`taken`: what to write over what stands there now. `clashes`: what to ask about; there what stands stays."""

    taken: Mapping[str, Any]
    clashes: Mapping[str, Clash]


def _same(left: Any, right: Any) -> bool:
    return bool(left == right)


def merge(
    base: Mapping[str, V], mine: Mapping[str, V], now: Mapping[str, V], *, same: Callable[[V, V], bool] = _same
) -> Merged:
    """Merge the fields sent in `mine`. `base` and `now` hold each of them; `same` says which two say the same.

    >>> merge({"a": "x", "b": "y"}, {"a": "mine", "b": "y"}, {"a": "x", "b": "theirs"}).taken
    {'a': 'mine'}
    >>> merge({"a": "x"}, {"a": "mine"}, {"a": "theirs"}).clashes["a"].theirs
    'theirs'
    """
    taken: dict[str, Any] = {}
    clashes: dict[str, Clash] = {}
    for path, text in mine.items():
        if same(text, base[path]) or same(text, now[path]):
            continue
        if same(now[path], base[path]):
            taken[path] = text
        else:
            clashes[path] = Clash(base[path], text, now[path])
    return Merged(taken, clashes)
