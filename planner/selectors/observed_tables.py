"""The tables of how a process really ran: each defined once, for the page and for the download."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum

from common.formatting import DASH, count, number, share
from planner.domain.discovery.observed import Observed

Value = str | int | float | None
SHOWN_AT_FIRST = 15


class Kind(StrEnum):
    """What a column holds: says how a value is written, and that people get stand-ins in a download."""

    ACTIVITY = "activity"
    PERSON = "person"
    TEXT = "text"
    COUNT = "count"
    SHARE = "share"
    NUMBER = "number"
    TIME = "time"


def to_the_hundredth(value: float | None) -> str:
    """Hours or minutes of which less than a hundredth is not told.

    >>> to_the_hundredth(0.000076), to_the_hundredth(0.0281), to_the_hundredth(49.216)
    ('0', '0.03', '49.2')
    """
    return number(None if value is None else round(value, 2))


WRITTEN: Mapping[Kind, Callable[[float | None], str]] = {
    Kind.COUNT: count,
    Kind.SHARE: share,
    Kind.NUMBER: number,
    Kind.TIME: to_the_hundredth,
}


@dataclass(frozen=True)
class Column:
    """A column: `key` names it in the URL, `unit` stands below the label."""

    key: str
    label: str
    kind: Kind
    unit: str = ""

    @property
    def is_number(self) -> bool:
        return self.kind in WRITTEN

    @property
    def heading(self) -> str:
        """Label and unit in one line, for a download and a phone."""
        return f"{self.label}, {self.unit}" if self.unit else self.label


@dataclass(frozen=True)
class Table:
    """Rows of plain values under columns. `title` states the finding, `empty` what it means that there is no row."""

    key: str
    title: str
    note: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Value, ...], ...]
    empty: str = ""
    sorted_by: str = ""

    def about(self, activity: str, person: str = "") -> "Table":
        """Only the rows that name this activity and this person; all where neither is asked for, or no column could."""
        found = self
        for kind, wanted in ((Kind.ACTIVITY, activity), (Kind.PERSON, person)):
            places = [place for place, column in enumerate(self.columns) if column.kind is kind]
            if wanted and places:
                found = replace(found, rows=tuple(row for row in found.rows if wanted in [row[n] for n in places]))
        return found

    def ordered(self, key: str) -> "Table":
        """Largest first by a column of numbers; as it was where there is no such column."""
        places = [place for place, column in enumerate(self.columns) if column.key == key and column.is_number]
        if not places:
            return self
        rows = sorted(self.rows, key=lambda row: -_figure(row[places[0]]))
        return replace(self, rows=tuple(rows), sorted_by=key)


def _figure(value: Value) -> float:
    return float(value) if isinstance(value, int | float) else float("-inf")


def written(value: Value, column: Column) -> str:
    """A value as the page shows it."""
    if isinstance(value, str):
        return value or DASH
    return WRITTEN[column.kind](value) if column.is_number else DASH


def _activity(key: str, label: str) -> Column:
    return Column(key, label, Kind.ACTIVITY)


def _count(key: str, label: str, unit: str = "") -> Column:
    return Column(key, label, Kind.COUNT, unit)


def _hours(key: str, label: str, unit: str = "hours") -> Column:
    return Column(key, label, Kind.TIME, unit)


def _minutes(key: str, label: str, unit: str = "minutes") -> Column:
    return Column(key, label, Kind.TIME, unit)


def _share(key: str, label: str, unit: str) -> Column:
    return Column(key, label, Kind.SHARE, unit)


def _rows(rows: Iterable[Iterable[Value]]) -> tuple[tuple[Value, ...], ...]:
    return tuple(tuple(row) for row in rows)


def follows_table(found: Observed) -> Table:
    """The directly-follows graph as rows."""
    return Table(
        key="flows",
        title="What follows what",
        note="Gap: from the completion of the first to the start of the next" if found.tells_durations else "",
        columns=(
            _activity("source", "After"),
            _activity("target", "Comes"),
            _count("count", "Times"),
            _count("cases", "Cases"),
            _hours("gap_p10", "Gap, 10 %"),
            _hours("gap_median", "Gap, median"),
            _hours("gap_mean", "Gap, mean"),
            _hours("gap_p90", "Gap, 90 %"),
            _minutes("handling", "Handling of the next", "minutes, median"),
        ),
        rows=_rows(
            (
                *(each.source, each.target, each.count, each.cases, each.gap_p10_hours, each.gap_median_hours),
                *(each.gap_mean_hours, each.gap_p90_hours, in_minutes(each.handling_median_hours)),
            )
            for each in found.follows
        ),
        empty="No case has more than one step.",
        sorted_by="count",
    )


def ends_table(found: Observed) -> Table:
    """Where cases begin and end."""
    return Table(
        key="ends",
        title="Where cases begin and end",
        note="The first and the last step of each case in the log",
        columns=(
            _activity("activity", "Activity"),
            _count("begins", "Begins", "cases"),
            _share("begins_share", "Begins", "of cases"),
            _count("ends", "Ends", "cases"),
            _share("ends_share", "Ends", "of cases"),
        ),
        rows=_rows((each.activity, each.begins, each.begins_share, each.ends, each.ends_share) for each in found.ends),
        sorted_by="begins",
    )


def variants_table(found: Observed) -> Table:
    """Every variant kept, its sequence written out."""
    names = found.activities
    return Table(
        key="variants",
        title="Variants",
        note="",
        columns=(
            _count("rank", "Variant"),
            _count("cases", "Cases"),
            _share("share", "Share", "of cases"),
            _share("cumulative", "Together", "of cases"),
            _count("steps", "Steps"),
            _hours("median", "Duration, median"),
            _hours("p90", "Duration, 90 %"),
            Column("example", "Example case", Kind.TEXT),
            Column("sequence", "Sequence", Kind.TEXT),
        ),
        rows=_rows(
            (
                *(each.rank, each.cases, each.share, each.cumulative_share, each.length),
                *(each.duration_median_hours, each.duration_p90_hours, each.example),
                " → ".join(names[place] for place in each.sequence) + (" → …" * (each.length > len(each.sequence))),
            )
            for each in found.variants.kept
        ),
        sorted_by="cases",
    )


def repeats_table(found: Observed, a_year: float | None) -> Table:
    """Repeats by activity; `a_year` turns hours of the log into hours a year."""
    return Table(
        key="repeats",
        title="What is repeated within a case",
        note="At once: straight after itself. Later: after other steps",
        columns=(
            _activity("activity", "Activity"),
            _count("repeats", "Repeats"),
            _count("at_once", "At once"),
            _count("later", "Later"),
            _share("of_visits", "Repeats", "of its visits"),
            _count("cases", "Cases with repeats"),
            _share("of_cases", "Cases with repeats", "of its cases"),
            _count("most", "Most in a case", "visits"),
            _hours("handling", "Work in repeats", "hours in the log"),
            _hours("a_year", "Work in repeats", "hours a year"),
        ),
        rows=_rows(
            (
                *(each.activity, each.repeats, each.self_loops, each.returns, each.repeats / each.visits),
                *(each.cases_repeating, each.cases_repeating / each.cases, each.most_in_a_case),
                *(each.handling_hours, times(each.handling_hours, a_year)),
            )
            for each in found.rework.activities
        ),
        empty="No case does the same thing twice.",
        sorted_by="repeats",
    )


def ping_pong_table(found: Observed) -> Table:
    """Activities that come and go between two."""
    return Table(
        key="ping-pong",
        title="Ping-pong between activities",
        note="One, then the other, then the first again",
        columns=(
            _activity("first", "From and back to"),
            _activity("second", "By way of"),
            _count("count", "Times"),
            _count("cases", "Cases"),
        ),
        rows=_rows((each.first, each.second, each.count, each.cases) for each in found.rework.ping_pong),
        empty="No case goes to another activity and straight back.",
        sorted_by="count",
    )


def waits_table(found: Observed, a_year: float | None) -> Table:
    """Waiting before each activity."""
    return Table(
        key="waits",
        title="Waiting before each activity",
        note="From the completion of the step before to its start",
        columns=(
            _activity("activity", "Activity"),
            _share("share", "Waiting", "of all waiting"),
            _share("of_duration", "Waiting", "of all durations"),
            _hours("a_year", "Waiting", "hours a year"),
            _hours("total", "Waiting", "hours in the log"),
            _hours("median", "Median"),
            _hours("mean", "Mean"),
            _hours("p90", "90 %"),
            _count("waits", "Waits"),
        ),
        rows=_rows(
            (
                *(each.activity, each.share, each.share_of_duration, times(each.total_hours, a_year)),
                *(each.total_hours, each.median_hours, each.mean_hours, each.p90_hours, each.waits),
            )
            for each in found.bottlenecks.activities
        ),
        empty="No case has more than one step: nothing waits.",
        sorted_by="total",
    )


def flow_waits_table(found: Observed, a_year: float | None) -> Table:
    """Waiting on each flow."""
    return Table(
        key="flow-waits",
        title="Waiting from one activity to the next",
        note="The same waiting, by where the case came from",
        columns=(
            _activity("source", "After"),
            _activity("target", "Before"),
            _share("share", "Waiting", "of all waiting"),
            _share("of_duration", "Waiting", "of all durations"),
            _hours("a_year", "Waiting", "hours a year"),
            _hours("total", "Waiting", "hours in the log"),
            _hours("median", "Median"),
            _hours("p90", "90 %"),
            _count("waits", "Waits"),
        ),
        rows=_rows(
            (
                *(each.source, each.target, each.share, each.share_of_duration, times(each.total_hours, a_year)),
                *(each.total_hours, each.median_hours, each.p90_hours, each.waits),
            )
            for each in found.bottlenecks.flows
        ),
        empty="No case has more than one step: nothing waits.",
        sorted_by="total",
    )


def handling_table(found: Observed, a_year: float | None) -> Table:
    """Handling of each activity, as far as starts are recorded."""
    return Table(
        key="handling",
        title="Handling of each activity",
        note="From start to completion, where a start is recorded",
        columns=(
            _activity("activity", "Activity"),
            _count("visits", "Visits"),
            _share("measured", "With a start", "of its visits"),
            _hours("a_year", "Handling", "hours a year"),
            _hours("total", "Handling", "hours in the log"),
            _minutes("median", "Median"),
            _minutes("mean", "Mean"),
            _minutes("p90", "90 %"),
        ),
        rows=_rows(
            (
                *(each.activity, each.visits, each.measured / each.visits, times(each.total_hours, a_year)),
                each.total_hours,
                *map(in_minutes, (each.median_hours, each.mean_hours, each.p90_hours)),
            )
            for each in found.bottlenecks.handling
            if each.measured
        ),
        empty="The log has no start times, so how long the work takes is not known.",
        sorted_by="total",
    )


def periods_table(found: Observed) -> Table:
    """Cases over time."""
    unit = found.over_time.unit.value
    return Table(
        key="periods",
        title=f"Cases by {unit}",
        note="Under way: begun, and not yet at their last completion",
        columns=(
            Column("begins", f"{unit.capitalize()} from", Kind.TEXT),
            _count("arrived", "Begun", "cases"),
            _count("completed", "Completed", "cases"),
            _count("under_way", "Under way at its end", "cases"),
            *(
                _count(f"queue{n}", queue.activity, "waiting at its end")
                for n, queue in enumerate(found.over_time.queues)
            ),
        ),
        rows=_rows(
            (each.begins, each.arrived, each.completed, each.under_way, *(q.waiting[n] for q in found.over_time.queues))
            for n, each in enumerate(found.over_time.periods)
        ),
    )


def in_minutes(hours: float | None) -> float | None:
    """
    >>> in_minutes(0.5)
    30.0
    """
    return None if hours is None else round(60 * hours, 4)


def times(value: float | None, factor: float | None) -> float | None:
    """The product, unknown where either is."""
    return None if value is None or factor is None else value * factor
