"""The charts of how a process really ran: each title states the finding, each figure is built here and drawn there."""

from collections.abc import Mapping
from dataclasses import dataclass

from common.formatting import count, share, things
from planner.charts import observed as charts
from planner.domain.discovery.observed import Observed
from planner.domain.discovery.variants import MOST_CASES
from planner.selectors import observed_words as words


@dataclass(frozen=True)
class Chart:
    """A Plotly figure; the title states the finding."""

    name: str
    title: str
    note: str
    figure: Mapping[str, object]


def charts_of(found: Observed, tab: str) -> tuple[Chart, ...]:
    """The charts of a tab, none where there is nothing to draw."""
    drawn = {
        "overview": _overview_charts,
        "variants": _variants_charts,
        "rework": _rework_charts,
        "times": _times_charts,
    }
    return drawn[tab](found) if tab in drawn else ()


def _overview_charts(found: Observed) -> tuple[Chart, ...]:
    time = found.over_time
    busiest = max(time.periods, key=lambda each: each.under_way)
    when = f"at the end of the {time.unit.value} from {busiest.begins}"
    title = f"Up to {things(busiest.under_way, 'case')} were under way {when}"
    note = "Bars: cases begun. Line: cases begun and not yet at their last completion"
    return (Chart("over-time", title, note, charts.over_time_figure(time)),)


def _variants_charts(found: Observed) -> tuple[Chart, ...]:
    kept, variety = found.variants.kept, found.variants
    if variety.total < 3:
        return ()
    title = f"{things(variety.for_most_cases, 'variant')} of {count(variety.total)} cover {share(MOST_CASES)} of cases"
    return (
        Chart(
            "coverage",
            title,
            f"The {count(len(kept))} most frequent, added up one by one",
            charts.coverage_figure(kept),
        ),
    )


def _rework_charts(found: Observed) -> tuple[Chart, ...]:
    again = found.rework.activities
    if not again:
        return ()
    part = share(again[0].repeats / found.rework.repeats)
    title = f"{part} of all repeats are of “{again[0].activity}”"
    note = "Plain: straight after itself. Hatched: after other steps in between"
    return (Chart("repeated", title, note, charts.repeats_figure(again)),)


def _times_charts(found: Observed) -> tuple[Chart, ...]:
    if not found.tells_durations:
        return ()
    waits, lasted, time = found.bottlenecks.activities, found.durations, found.over_time
    half = f"Half of all cases take {words.said_hours(lasted.median_hours)} or less, one in ten over"
    drawn = [
        Chart(
            "durations",
            f"{half} {words.said_hours(lasted.p90_hours)}",
            "From the beginning of a case to its last completion; the longest hundredth is not drawn",
            charts.durations_figure(lasted),
        )
    ]
    if found.bottlenecks.total_hours:
        drawn.insert(
            0, Chart("waiting", words.worst_words(found), "Share of all waiting", charts.waiting_figure(waits))
        )
    queue = max(time.queues, key=lambda each: each.most, default=None)
    if queue is not None and queue.most:
        title = f"Up to {things(queue.most, 'case')} waited at once for “{queue.activity}”"
        drawn.append(Chart("queues", title, "The five activities with the most waiting", charts.queues_figure(time)))
    return tuple(drawn)
