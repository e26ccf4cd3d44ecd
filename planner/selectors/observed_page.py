"""The page of how a process really ran: five tabs, each with the answer in its headline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

from django.urls import reverse

from planner.domain.discovery.observed import Observed
from planner.models import Process, Task
from planner.selectors.observed import ObservedLog
from planner.selectors.observed_charts import Chart, charts_of
from planner.selectors.observed_figures import FIGURES, HEADLINES, Figure
from planner.selectors.observed_people import (
    Matrix,
    done_table,
    hand_overs_table,
    matrix_of,
    people_ping_pong_table,
    resources_table,
)
from planner.selectors.observed_tables import (
    SHOWN_AT_FIRST,
    Column,
    Kind,
    Table,
    ends_table,
    flow_waits_table,
    follows_table,
    handling_table,
    periods_table,
    ping_pong_table,
    repeats_table,
    variants_table,
    waits_table,
    written,
)
from planner.selectors.observed_variants import VariantRow, variant_rows, waiting_legend

TABS = {
    "overview": "Overview",
    "variants": "Variants",
    "rework": "Rework",
    "resources": "People and hand-overs",
    "times": "Times and bottlenecks",
}
QUESTIONS = {
    "overview": "How does it really run?",
    "variants": "Which ways do cases take?",
    "rework": "What is done twice?",
    "resources": "Who does the work, and who passes it to whom?",
    "times": "Where does the time go?",
}


@dataclass(frozen=True)
class Asked:
    """What the address asks for: a tab, an activity or person to look at, the order, and whole tables."""

    tab: str = "overview"
    activity: str = ""
    person: str = ""
    sort: str = ""
    whole: bool = False

    def query(self, **changes: str) -> str:
        """The query string of the same page with these changes."""
        now = {"tab": self.tab, "activity": self.activity, "person": self.person, "sort": self.sort}
        kept = {**now, "all": "1" if self.whole else "", **changes}
        return urlencode({name: value for name, value in kept.items() if value})


@dataclass(frozen=True)
class Cell:
    """A value as shown: its column (for a phone), and where it leads."""

    text: str
    column: Column
    url: str


@dataclass(frozen=True)
class ShownTable:
    """A table of the page: as many rows as fit at first, links that sort it."""

    table: Table
    head: tuple[tuple[Column, str], ...]
    rows: tuple[tuple[Cell, ...], ...]
    hidden: int


@dataclass(frozen=True)
class ObservedPage:
    """One tab."""

    asked: Asked
    headline: str
    lede: str
    question: str
    tabs: tuple[tuple[str, str, bool], ...]
    figures: tuple[Figure, ...]
    charts: tuple[Chart, ...]
    tables: tuple[ShownTable, ...]
    variants: tuple[VariantRow, ...]
    variants_hidden: int
    legend: tuple[str, ...]
    matrix: Matrix | None
    activities: tuple[str, ...]
    people: tuple[str, ...]
    found: Observed

    @property
    def whole_query(self) -> str:
        """The query string of this page with all rows of its tables."""
        return self.asked.query(all="1")


def observed_page(process: Process, source: ObservedLog, asked: Asked) -> ObservedPage:
    """The tab asked for. One query besides those for `source`."""
    found = source.found
    headline, lede = HEADLINES[asked.tab](source)
    rows = [row for row in variant_rows(found) if not asked.activity or asked.activity in row.activities]
    shown = len(rows) if asked.whole else SHOWN_AT_FIRST
    on_variants = asked.tab == "variants"
    links = task_links(process)
    tables = [table.about(asked.activity, asked.person) for table in tables_of(source, asked.tab)]
    return ObservedPage(
        asked=asked,
        headline=headline,
        lede=lede,
        question=QUESTIONS[asked.tab],
        tabs=tuple((asked.query(tab=key, sort="", all=""), label, key == asked.tab) for key, label in TABS.items()),
        figures=FIGURES[asked.tab](source),
        charts=charts_of(found, asked.tab),
        tables=tuple(shown_table(table, asked, links) for table in tables),
        variants=tuple(rows[:shown]) if on_variants else (),
        variants_hidden=max(0, len(rows) - shown) if on_variants else 0,
        legend=waiting_legend(found) if on_variants else (),
        matrix=matrix_of(found) if asked.tab == "resources" else None,
        activities=tuple(sorted(found.activities)),
        people=tuple(sorted(each.name for each in found.resources.kept)) if asked.tab == "resources" else (),
        found=found,
    )


def task_links(process: Process) -> dict[str, str]:
    """The page of the task that each activity became."""
    tasks = Task.objects.of(process.workspace).work().filter(process=process).exclude(activity="")
    slug = process.workspace.slug
    return {name: reverse("planner:task", args=[slug, pk]) for name, pk in tasks.values_list("activity", "pk")}


def tables_of(source: ObservedLog, tab: str) -> list[Table]:
    """The tables of a tab; those of "variants" are drawn."""
    found, a_year = source.found, source.a_year
    if tab == "times" and not found.tells_durations:
        return []
    return {
        "overview": [follows_table(found), ends_table(found)],
        "rework": [repeats_table(found, a_year), ping_pong_table(found)],
        "resources": [
            *(resources_table(found), done_table(found), hand_overs_table(found), people_ping_pong_table(found)),
        ],
        "times": [waits_table(found, a_year), flow_waits_table(found, a_year), handling_table(found, a_year)],
    }.get(tab, [])


def every_table(source: ObservedLog) -> dict[str, Table]:
    """All tables that can be downloaded, by key."""
    found = [variants_table(source.found), periods_table(source.found)]
    found += [table for tab in TABS for table in tables_of(source, tab)]
    return {table.key: table for table in found}


def shown_table(table: Table, asked: Asked, links: Mapping[str, str]) -> ShownTable:
    """A table as the page shows it; columns of numbers that hold nothing are left out."""
    key = asked.sort.removeprefix(f"{table.key}.")
    table = table.ordered(key) if key != asked.sort else table
    kept = [n for n, column in enumerate(table.columns) if not column.is_number or _any(table.rows, n)]
    rows = table.rows if asked.whole else table.rows[:SHOWN_AT_FIRST]
    return ShownTable(
        table=table,
        head=tuple((column, _sorting(table, column, asked)) for column in (table.columns[n] for n in kept)),
        rows=tuple(tuple(_cell(row[n], table.columns[n], links) for n in kept) for row in rows),
        hidden=len(table.rows) - len(rows),
    )


def _any(rows: Sequence[Sequence[object]], place: int) -> bool:
    return not rows or any(row[place] is not None for row in rows)


def _sorting(table: Table, column: Column, asked: Asked) -> str:
    return asked.query(sort=f"{table.key}.{column.key}") if column.is_number else ""


def _cell(value: str | int | float | None, column: Column, links: Mapping[str, str]) -> Cell:
    url = links.get(str(value), "") if column.kind is Kind.ACTIVITY else ""
    return Cell(written(value, column), column, url)
