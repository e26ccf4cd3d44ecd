"""Headlines and the few figures that each tab of how a process really ran stands on."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from common.formatting import count, share, things
from planner.domain.discovery.variants import MOST_CASES
from planner.selectors import observed_words as words
from planner.selectors.observed import ObservedLog
from planner.selectors.working_hours import calendar_words


@dataclass(frozen=True)
class Figure:
    """One of the few figures a tab stands on."""

    label: str
    value: str
    note: str


def _clock(source: ObservedLog) -> str:
    return words.clock_words(source.found, calendar_words(source.log))


def _overview(source: ObservedLog) -> tuple[str, str]:
    lede = f"{things(source.found.cases, 'case')} of {source.log.name}. {_clock(source)}"
    return words.overview_words(source.found), lede


def _times(source: ObservedLog) -> tuple[str, str]:
    lede = f"{words.split_words(source.found)} {_clock(source)}".strip()
    return words.times_words(source.found, source.a_year), lede


HEADLINES: Mapping[str, Callable[[ObservedLog], tuple[str, str]]] = {
    "overview": _overview,
    "variants": lambda source: (words.variants_words(source.found), words.variants_lede(source.found)),
    "rework": lambda source: (
        words.rework_words(source.found, source.a_year),
        "Rework is an activity repeated within a case: at once, or later after other steps.",
    ),
    "resources": lambda source: (
        words.people_words(source.found),
        "The log names people: show this page to those who need it. Downloads and the API hold stand-ins for names.",
    ),
    "times": _times,
}


def _case_figures(source: ObservedLog) -> tuple[Figure, ...]:
    found = source.found
    open_ = found.over_time.open_cases
    told = (
        f"{count(open_)} look unfinished at the end of the log"
        if open_
        else "none looks unfinished at the end of the log"
    )
    lasted, again = found.durations, found.rework
    over = f"one in ten over {words.said_hours(lasted.p90_hours)}"
    duration = Figure("Duration, median", words.said_hours(lasted.median_hours), over)
    return (
        Figure("Cases", count(found.cases), told),
        *((duration,) if found.tells_durations else ()),
        Figure(
            "Ways",
            count(found.variants.total),
            f"{count(found.variants.for_most_cases)} cover {share(MOST_CASES)} of cases",
        ),
        Figure("Cases with repeats", share(again.cases_repeating / found.cases), f"{count(again.repeats)} repeats"),
    )


def _rework_figures(source: ObservedLog) -> tuple[Figure, ...]:
    again, found = source.found.rework, source.found
    loops = sum(each.self_loops for each in again.activities)
    spent, unit = again.handling_hours, "a year" if source.a_year else "in the log"
    needs = "needs start times" if source.found.tells_durations else "not told by plans"
    cost = "–" if spent is None else words.year_hours(spent * (source.a_year or 1))
    return (
        Figure(
            "Cases with repeats", share(again.cases_repeating / found.cases), f"{count(again.cases_repeating)} cases"
        ),
        Figure("At once", count(loops), "straight after itself"),
        Figure("Later", count(again.repeats - loops), "after other steps"),
        Figure("Work in repeats", cost, unit if spent is not None else needs),
        Figure(
            "Ping-pong", share(again.ping_pong_cases / found.cases), "of cases go to another step and straight back"
        ),
    )


def _people_figures(source: ObservedLog) -> tuple[Figure, ...]:
    people, passed, found = source.found.resources, source.found.hand_overs, source.found
    if not people.total:
        return ()
    a_case = f"{passed.passed / found.cases:.1f}"
    unnamed = f"{count(people.unnamed)} steps name nobody" if people.unnamed else "every step names one"
    return (
        Figure("People and systems", count(people.total), unnamed),
        Figure("Hand-overs", a_case, "a case, on average"),
        Figure("Busiest", share(people.kept[0].share), f"of all steps by {people.kept[0].name}"),
        Figure("Ping-pong", share(passed.ping_pong_cases / found.cases), "of cases go to another and straight back"),
    )


def _time_figures(source: ObservedLog) -> tuple[Figure, ...]:
    found, lasted = source.found, source.found.durations
    if not found.tells_durations:
        return ()
    recorded = f"starts recorded for {share(lasted.measured)} of steps" if lasted.measured else "needs start times"
    note = "of the duration of cases" if lasted.measured == 1 else recorded
    waited, unit = found.bottlenecks.total_hours * (source.a_year or 1), "a year" if source.a_year else "in the log"
    return (
        Figure(
            "Duration, median", words.said_hours(lasted.median_hours), f"mean {words.said_hours(lasted.mean_hours)}"
        ),
        Figure(
            "Duration, one in ten over",
            words.said_hours(lasted.p90_hours),
            f"longest {words.said_hours(lasted.longest_hours)}",
        ),
        Figure("Somebody works on it", share(lasted.working_share), note),
        Figure("Waiting", words.year_hours(waited), f"of all cases together, {unit}"),
    )


FIGURES: Mapping[str, Callable[[ObservedLog], tuple[Figure, ...]]] = {
    "overview": _case_figures,
    "variants": lambda source: (),
    "rework": _rework_figures,
    "resources": _people_figures,
    "times": _time_figures,
}
