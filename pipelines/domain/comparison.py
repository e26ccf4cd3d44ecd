"""Runs side by side: what differs between them, and which measured best."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.domain.figures import FIGURES, Figure, figure_value

FEWEST_RUNS, MOST_RUNS = 2, 4
INTERVALS = {"auc": ("auc_low", "auc_high"), "mase": ("mase_low", "mase_high")}
"""Figures that are told with an interval, and where its ends stand."""


@dataclass(frozen=True)
class Cell:
    """What one run says: `text`, or a `value` with the ends of its interval where one is known. Empty: nothing."""

    text: str = ""
    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True)
class Row:
    """One thing of all runs, in their order. `best` marks places of the best value; empty where none is better."""

    label: str
    cells: tuple[Cell, ...]
    figure: Figure | None = None
    best: tuple[int, ...] = ()

    @property
    def differs(self) -> bool:
        return any(cell != self.cells[0] for cell in self.cells[1:])


@dataclass(frozen=True)
class Section:
    """Rows about one matter; those that differ come first wherever they are shown."""

    title: str
    rows: tuple[Row, ...]

    @property
    def different(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if row.differs)

    @property
    def same(self) -> tuple[Row, ...]:
        return tuple(row for row in self.rows if not row.differs)


def texts_section(title: str, runs: Sequence[Mapping[str, str]], *, only_different: bool = False) -> Section:
    """A row for each name that any run knows, in the order they are first met.

    >>> [row.label for row in texts_section("", [{"a": "1", "b": "2"}, {"a": "1", "b": "3"}]).different]
    ['b']
    """
    names = list(dict.fromkeys(name for run in runs for name in run))
    rows = tuple(Row(name, tuple(Cell(run.get(name, "")) for run in runs)) for name in names)
    return Section(title, tuple(row for row in rows if row.differs) if only_different else rows)


def figures_section(title: str, runs: Sequence[Mapping[str, Any]]) -> Section:
    """A row for each figure of the runs' kinds of task that any of them measured; `runs` are their metrics."""
    tasks = dict.fromkeys(str(metrics.get("task", "")) for metrics in runs)
    figures = [figure for task in tasks for figure in FIGURES.get(task, ())]
    shown = list({figure.key: figure for figure in figures}.values())
    rows = [_figure_row(figure, runs) for figure in shown]
    return Section(title, tuple(row for row in rows if any(cell.value is not None for cell in row.cells)))


def _figure_row(figure: Figure, runs: Sequence[Mapping[str, Any]]) -> Row:
    cells = tuple(_figure_cell(figure, metrics) for metrics in runs)
    return Row(figure.label, cells, figure, best_places([cell.value for cell in cells], small=figure.small_is_good))


def _figure_cell(figure: Figure, metrics: Mapping[str, Any]) -> Cell:
    if figure.form == "money" and not metrics.get("value", {}).get("known", False):
        return Cell()
    low, high = (metrics.get("model", {}).get(key) for key in INTERVALS.get(figure.key, ("", "")))
    return Cell("", figure_value(metrics, figure), low, high)


def best_places(values: Sequence[float | None], *, small: bool) -> tuple[int, ...]:
    """Where the best value stands; nowhere when all that are known are equal, or one alone is.

    >>> best_places([0.7, None, 0.8, 0.8], small=False)
    (2, 3)
    >>> best_places([0.7, 0.7], small=False)
    ()
    """
    known = {value for value in values if value is not None}
    if len(known) < 2:
        return ()
    pick: Callable[[set[float]], float] = min if small else max
    return tuple(place for place, value in enumerate(values) if value == pick(known))


def spread_words(sections: Sequence[Section]) -> list[str]:
    """Titles of the matters in which the runs differ.

    >>> spread_words([texts_section("Data", [{"a": "1"}, {"a": "2"}]), texts_section("Code", [{"b": "1"}, {"b": "1"}])])
    ['Data']
    """
    return [section.title for section in sections if section.different]
