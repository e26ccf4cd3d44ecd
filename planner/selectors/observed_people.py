"""Who does the work and who passes it to whom: tables and the matrix. Names of people are stand-ins in a download."""

from collections import Counter
from dataclasses import dataclass

from common.formatting import count
from planner.domain.discovery.observed import Observed
from planner.domain.scale import scale_bounds, scale_step
from planner.selectors.observed_tables import Column, Kind, Table, in_minutes

MATRIX_SIZE = 10


@dataclass(frozen=True)
class MatrixCell:
    """Hand-overs from the row's person to the column's: the count and its step of the scale, 0 for none."""

    text: str
    step: int


@dataclass(frozen=True)
class Matrix:
    """Hand-overs among those most involved; rows give, columns take. `covered` is their share of all hand-overs."""

    people: tuple[str, ...]
    rows: tuple[tuple[str, tuple[MatrixCell, ...]], ...]
    covered: float


def resources_table(found: Observed) -> Table:
    """A row a resource."""
    people = found.resources
    return Table(
        key="resources",
        title="Who does the work",
        note="Pace: handling against the median of the same activity; over 1 is longer. The mix of cases matters too"
        if found.tells_durations
        else "",
        columns=(
            Column("name", "Person or system", Kind.PERSON),
            Column("instances", "Steps done", Kind.COUNT),
            Column("share", "Share", Kind.SHARE, "of all steps"),
            Column("cases", "Cases", Kind.COUNT),
            Column("activities", "Activities", Kind.COUNT),
            Column("most", "Most often", Kind.ACTIVITY),
            Column("hours", "Handling", Kind.TIME, "hours in the log"),
            Column("pace", "Pace", Kind.NUMBER, "× usual"),
            Column("first", "First seen", Kind.TEXT, "UTC"),
            Column("last", "Last seen", Kind.TEXT, "UTC"),
        ),
        rows=tuple(
            (
                *(each.name, each.instances, each.share, each.cases, each.activities, each.done[0].activity),
                *(each.handling_total_hours, each.pace, each.first_seen[:10], each.last_seen[:10]),
            )
            for each in people.kept
        ),
        empty="The log names nobody.",
        sorted_by="instances",
    )


def done_table(found: Observed) -> Table:
    """What each resource does, with their handling beside everybody's."""
    return Table(
        key="done",
        title="Who does what, and how long it takes them" if found.tells_durations else "Who does what",
        note=f"{'Medians of handling; the' if found.tells_durations else 'The'} six activities each does most",
        columns=(
            Column("name", "Person or system", Kind.PERSON),
            Column("activity", "Activity", Kind.ACTIVITY),
            Column("visits", "Times", Kind.COUNT),
            Column("median", "Their handling", Kind.TIME, "minutes, median"),
            Column("usual", "Everybody’s", Kind.TIME, "minutes, median"),
        ),
        rows=tuple(
            (each.name, one.activity, one.visits, *map(in_minutes, (one.handling_median_hours, one.usual_median_hours)))
            for each in found.resources.kept
            for one in each.done
        ),
        empty="The log names nobody.",
    )


def hand_overs_table(found: Observed) -> Table:
    """A row a pair of resources."""
    return Table(
        key="hand-overs",
        title="Who passes to whom",
        note="Waiting: from the completion by the one to the start by the other" if found.tells_durations else "",
        columns=(
            Column("source", "From", Kind.PERSON),
            Column("target", "To", Kind.PERSON),
            Column("count", "Times", Kind.COUNT),
            Column("cases", "Cases", Kind.COUNT),
            Column("median", "Waiting, median", Kind.TIME, "hours"),
            Column("total", "Waiting", Kind.TIME, "hours in the log"),
        ),
        rows=tuple(
            (each.source, each.target, each.count, each.cases, each.waiting_median_hours, each.waiting_total_hours)
            for each in found.hand_overs.pairs
        ),
        empty="No work passes from one to another.",
        sorted_by="count",
    )


def people_ping_pong_table(found: Observed) -> Table:
    """Cases that go to another and come back."""
    return Table(
        key="people-ping-pong",
        title="Ping-pong between people",
        note="A case goes to another and comes straight back; steps of one person in a row are one stay",
        columns=(
            Column("first", "From and back to", Kind.PERSON),
            Column("second", "By way of", Kind.PERSON),
            Column("count", "Times", Kind.COUNT),
            Column("cases", "Cases", Kind.COUNT),
        ),
        rows=tuple((each.first, each.second, each.count, each.cases) for each in found.hand_overs.ping_pong),
        empty="No case goes to another and straight back.",
        sorted_by="count",
    )


def matrix_of(found: Observed, size: int = MATRIX_SIZE) -> Matrix | None:
    """The hand-overs among the `size` people who give and take most; None where nothing is handed over."""
    passed = {(each.source, each.target): each.count for each in found.hand_overs.pairs}
    if not passed:
        return None
    involved = Counter[str]()
    for (source, target), times in passed.items():
        involved[source] += times
        involved[target] += times
    people = tuple(name for name, _ in involved.most_common(size))
    inner = {pair: times for pair, times in passed.items() if set(pair) <= set(people)}
    bounds = scale_bounds([float(times) for times in inner.values()])
    rows = tuple(
        (source, tuple(_cell(inner.get((source, target), 0), bounds) for target in people)) for source in people
    )
    return Matrix(people, rows, sum(inner.values()) / found.hand_overs.passed)


def _cell(times: int, bounds: tuple[float, ...]) -> MatrixCell:
    return MatrixCell(count(times), scale_step(float(times), bounds)) if times else MatrixCell("", 0)
