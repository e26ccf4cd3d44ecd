"""What the log says in one sentence each: the headlines of the pages of how a process really ran."""

from common.formatting import count, hours, number, share, things
from planner.domain.discovery.bottlenecks import WaitFacts
from planner.domain.discovery.observed import Observed
from planner.domain.discovery.variants import MOST_CASES
from planner.selectors.process import OF_PLANS


def said_hours(value: float | None) -> str:
    """A duration as one says it; what takes no time is said so.

    >>> said_hours(0.0), said_hours(30.0), said_hours(0.001)
    ('no time', '30 h', 'under a minute')
    """
    if value is not None and value < 1 / 60:
        return "under a minute" if value else "no time"
    return hours(value)


def year_hours(value: float) -> str:
    """Hours of many cases together: never turned into days.

    >>> year_hours(4312.7), year_hours(0.25)
    ('4\u202f313 h', '0.25 h')
    """
    return f"{number(value, 3)} h"


def worst_words(found: Observed) -> str:
    """The bottleneck with its share of all waiting; empty where nothing waits."""
    worst = next(iter(found.bottlenecks.activities), None)
    if worst is None or not worst.total_hours:
        return ""
    what = "waiting" if found.has_start_times else "time between steps"
    return f"{share(worst.share)} of all {what} is before “{worst.activity}”"


def overview_words(found: Observed) -> str:
    """How long a case takes, and where it waits; of plans, which ways cases take."""
    if not found.tells_durations:
        return variants_words(found)
    half = f"Half of all cases take {said_hours(found.durations.median_hours)} or less"
    worst = worst_words(found)
    return f"{half}; {worst}" if worst else half


def variants_words(found: Observed) -> str:
    """How many ways cover most cases, and how many there are."""
    variety = found.variants
    if variety.total == 1:
        return f"All {things(found.cases, 'case')} take the same way"
    ways = "1 way covers" if variety.for_most_cases == 1 else f"{count(variety.for_most_cases)} ways cover"
    return f"{ways} {share(MOST_CASES)} of cases, of {count(variety.total)} there are"


def variants_lede(found: Observed) -> str:
    """What the commonest way covers, and what is taken once only."""
    first, variety = found.variants.kept[0], found.variants
    once = f" {things(variety.single, 'variant')} {'was' if variety.single == 1 else 'were'} taken by one case only."
    takes = f" and takes {said_hours(first.duration_median_hours)}" if found.tells_durations else ""
    words = f"The commonest covers {share(first.share)} of cases{takes}."
    return words + (once if variety.single else "")


def rework_words(found: Observed, a_year: float | None) -> str:
    """In how many cases something is repeated, and what that costs in hours, or what is repeated most."""
    again = found.rework
    if not again.activities:
        return "No case does the same thing twice"
    affected = f"{share(again.cases_repeating / found.cases)} of cases repeat something"
    spent = again.handling_hours
    if spent:
        return f"{affected}: {year_hours(spent * (a_year or 1))} of work {'a year' if a_year else 'in the log'}"
    return f"{affected}, most often “{again.activities[0].activity}”"


def people_words(found: Observed) -> str:
    """How often work changes hands, and what that costs in waiting."""
    passed = found.hand_overs
    if not found.resources.total:
        return "The log does not say who did the work"
    if not passed.steps:
        return f"{things(found.resources.total, 'person or system', 'people and systems')} did the work"
    moved = f"Work changes hands in {share(passed.passed / passed.steps)} of steps"
    if passed.waiting_passed_median_hours is None or passed.waiting_kept_median_hours is None:
        return moved
    later, sooner = said_hours(passed.waiting_passed_median_hours), said_hours(passed.waiting_kept_median_hours)
    return f"{moved} and then waits {later}; where it stays, {sooner}"


def times_words(found: Observed, a_year: float | None) -> str:
    """The bottleneck, in hours a year where that is known."""
    if not found.tells_durations:
        return "How long anything takes or waits is not in the log"
    worst = worst_words(found)
    if not worst:
        return "Nothing waits: no case has a gap between two steps"
    total = found.bottlenecks.activities[0].total_hours
    return f"{worst}, {year_hours(total * (a_year or 1))} {'a year' if a_year else 'in the log'}"


def split_words(found: Observed) -> str:
    """Handling and waiting of whole cases, and what each means in this log; nothing of plans."""
    lasted = found.durations
    if not found.tells_durations:
        return ""
    if lasted.working_share is None:
        return (
            "The log has no start times: from one completion to the next, waiting and work are not told apart, "
            "and every waiting time here contains the handling of the step it leads to."
        )
    words = f"Somebody works on a case during {share(lasted.working_share)} of its duration; the rest it lies still."
    if lasted.measured < 1:
        words += (
            f" A start is recorded for {share(lasted.measured)} of steps; the work of the others counts as waiting."
        )
    return words


def clock_words(found: Observed, calendar: str) -> str:
    """What an hour is on these pages, or why there is none; `calendar` is the working hours in words."""
    if not found.tells_durations:
        return OF_PLANS
    if found.on_calendar:
        return f"Hours are working time: {calendar}."
    return "Hours are on the calendar clock, nights and weekends included."


def wait_words(place: int, wait: WaitFacts) -> str:
    """One bottleneck in a sentence, by its rank from 1."""
    where = "The most" if place == 1 else f"Rank {place}"
    return f"{where}: {share(wait.share)} of all waiting, half of it over {said_hours(wait.median_hours)} a time"
