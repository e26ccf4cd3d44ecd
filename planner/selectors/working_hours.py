"""Which working hours hold for a process, in words and as a calendar that counts."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from functools import cache
from typing import Any

from holidays import country_holidays, list_supported_countries
from holidays.registry import COUNTRIES

from accounts.models import Workspace
from common.formatting import share as share_words
from planner.domain.event_log.calendar_choice import AROUND_THE_CLOCK, CalendarChoice
from planner.domain.event_log.time_zones import zone_named
from planner.domain.event_log.working_calendar import WorkingCalendar
from planner.models import EventLog, Process, WorkingHours

_WITH_ARTICLE = {
    "AE",
    "BS",
    "CF",
    "CG",
    "DO",
    "FK",
    "GB",
    "GM",
    "KY",
    "MH",
    "MP",
    "NL",
    "PH",
    "SC",
    "UM",
    "US",
    "VG",
    "VI",
}
MOST_OUTSIDE = 0.2
"""Beyond this share of times outside, the hours or their zone rather than the people are the odd ones."""

_FIRST_YEAR, _LAST_YEAR = 1900, 2200


@dataclass(frozen=True)
class HoursInForce:
    """The working hours that hold, plain and in words; `own` says that the process has its own."""

    choice: Mapping[str, Any]
    own: bool
    words: str
    default_words: str


def hours_in_force(process: Process) -> HoursInForce:
    """Those of the process, else those of its workspace. One query."""
    rows = {row.process_id: row.choice for row in _rows(process.workspace, process)}
    default = rows.get(None, {})
    own = process.pk in rows
    choice = rows.get(process.pk, default)
    return HoursInForce(choice, own, choice_words(choice), choice_words(default))


def default_hours(workspace: Workspace) -> dict[str, Any]:
    """The working hours of a workspace in plain values; none is around the clock."""
    found = WorkingHours.objects.of(workspace).default().first()
    return dict(found.choice) if found else {}


def default_zone(workspace: Workspace) -> str:
    """The time zone of a workspace: that of its working hours."""
    return str(default_hours(workspace).get("zone") or "UTC")


def choice_words(choice: Mapping[str, Any]) -> str:
    """Working hours in words, with the name of the country."""
    found = CalendarChoice.from_dict(choice)
    if found is None:
        return AROUND_THE_CLOCK
    return found.words(country_words(found.country, found.subdivision))


def calendar_words(log: EventLog) -> str:
    """The working hours a log was measured in, in words."""
    return str((log.statistics.get("calendar") or {}).get("words") or AROUND_THE_CLOCK)


@dataclass(frozen=True)
class HoursFit:
    """How a log fits the hours it was measured in: the share of its recorded times outside them, and in words."""

    share: float
    words: str
    doubtful: bool


def hours_fit(log: EventLog | None, choice: Mapping[str, Any]) -> HoursFit | None:
    """None around the clock, without a log, and while the log is not measured by these hours yet."""
    measured = (log.statistics.get("calendar") or {}) if log is not None else {}
    share = measured.get("outside_share")
    if share is None or measured.get("choice") != dict(choice):
        return None
    words = f"{share_words(share)} of the times in the log lie outside these hours."
    return HoursFit(share, words, share > MOST_OUTSIDE)


def log_calendar(log: EventLog, *, years: int = 1) -> WorkingCalendar | None:
    """The calendar a log was measured in, to measure parts of it alike; None is around the clock."""
    choice = (log.statistics.get("calendar") or {}).get("choice") or {}
    return calendar_of(choice, first=log.first_start, last=log.last_start, years=years)


def log_zone(log: EventLog) -> tzinfo:
    """The clocks its days are told by: those of the people who did the work, in whose hours it was measured."""
    choice = (log.statistics.get("calendar") or {}).get("choice") or {}
    return zone_named(str(choice.get("zone") or "UTC"))


def calendar_of(
    choice: Mapping[str, Any], *, first: datetime, last: datetime, years: int = 1
) -> WorkingCalendar | None:
    """The calendar that counts between two moments, and its holidays for some years after; None, around the clock,
    where no hours are chosen.
    """
    found = CalendarChoice.from_dict(choice)
    if found is None:
        return None
    return found.calendar(holiday_dates(found.country, found.subdivision, first.year - 1, last.year + years))


def holiday_dates(country: str, subdivision: str, first: int, last: int) -> frozenset[date]:
    """The public holidays of a country, or a part of it, in these years."""
    if not country:
        return frozenset()
    years = range(max(first, _FIRST_YEAR), min(last, _LAST_YEAR) + 1)
    return frozenset(country_holidays(country, subdiv=subdivision or None, years=years))


@cache
def countries() -> dict[str, str]:
    """The countries whose holidays are known: their code and their name, by name."""
    known = list_supported_countries()
    names = {code: _spaced(name) for name, code, *_ in COUNTRIES.values() if code in known}
    return dict(sorted(names.items(), key=lambda item: item[1]))


@cache
def subdivisions() -> dict[str, tuple[str, ...]]:
    """The parts of each country that have holidays of their own."""
    return {code: tuple(parts) for code, parts in list_supported_countries().items()}


def country_words(country: str, subdivision: str = "") -> str:
    """A country as it stands after "holidays of": with its article, and its part in brackets."""
    name = countries().get(country, "")
    article = "the " if country in _WITH_ARTICLE else ""
    return f"{article}{name}{f' ({subdivision})' if subdivision else ''}" if name else ""


def _rows(workspace: Workspace, process: Process) -> list[WorkingHours]:
    rows = WorkingHours.objects.of(workspace)
    return list(rows.default() | rows.filter(process=process))


def _spaced(name: str) -> str:
    """The name of a class as words: "BosniaAndHerzegovina" is "Bosnia and Herzegovina"."""
    words = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name)
    return words.replace(" And ", " and ").replace(" Of ", " of ").replace(" The ", " the ")
