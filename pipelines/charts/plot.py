"""A plot: a Plotly figure, the finding in words, and a table that says the same."""

import html
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

ROOM_OF_ROW, ROOM_AROUND = 26, 90
"""Pixels of a bar with its name, and of the axis and the margins."""
LONGEST_NAME = 50


@dataclass(frozen=True)
class Plot:
    """`name` is unique in a page. The first cell of a row names it; cells are words as people read them.

    A `wide` one needs the whole page.
    """

    name: str
    title: str
    note: str
    figure: Mapping[str, Any]
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wide: bool = False


def layout(x: str, y: str, *, height: int = 320, **more: Any) -> dict[str, Any]:
    """The usual layout with titles on both axes; `more` is merged into it, axis by axis."""
    base: dict[str, Any] = {
        "height": height,
        "xaxis": {"title": {"text": x}},
        "yaxis": {"title": {"text": y}},
        "margin": {"l": 60, "r": 20, "t": 30, "b": 52},
    }
    for key, value in more.items():
        base[key] = {**base.get(key, {}), **value} if isinstance(value, dict) else value
    return base


def named_layout(x: str, rows: int, **more: Any) -> dict[str, Any]:
    """Of horizontal bars with a name each, the first at the top."""
    axis = {"type": "category", "autorange": "reversed", "title": {"text": ""}}
    return layout(x, "", height=ROOM_AROUND + ROOM_OF_ROW * max(4, rows), yaxis=axis, **more)


def line(name: str, points: Sequence[tuple[float, float]], colour: str, *, dash: str = "solid") -> dict[str, Any]:
    """A line without marks; its name is `safe` already."""
    return {
        "type": "scatter",
        "mode": "lines",
        "name": name,
        "x": [x for x, _ in points],
        "y": [y for _, y in points],
        "line": {"color": f"var(--{colour})", "dash": dash, "width": 2},
    }


def whiskers(above: Sequence[float], below: Sequence[float]) -> dict[str, Any]:
    """Error bars of the same colour as text."""
    up, down = list(above), list(below)
    look = {"color": "var(--ink-2)", "thickness": 1.2, "width": 4}
    return {"type": "data", "symmetric": False, "array": up, "arrayminus": down, **look}


def safe(text: str) -> str:
    """Text of a person in a figure: Plotly reads some HTML in names, none of it takes effect; long ones are cut."""
    return html.escape(cut(" ".join(text.split()), LONGEST_NAME), quote=False)


def cut(text: str, longest: int) -> str:
    """At most so many characters.

    >>> cut("abcdef", 4)
    'abc…'
    """
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def distinct(names: Sequence[str]) -> list[str]:
    """Names as categories of an axis: those that read alike get a number, as equal ones would share a place.

    >>> distinct(["a", "b", "a"])
    ['a', 'b', 'a (2)']
    """
    found: list[str] = []
    for name in (safe(each) for each in names):
        same, number = name, 1
        while same in found:
            number += 1
            same = f"{name} ({number})"
        found.append(same)
    return found
